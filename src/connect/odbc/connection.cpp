#include "connect/odbc/connection.h"

#include <sqlucode.h>

#include <algorithm>
#include <array>
#include <clocale>

#include "connect/odbc/odbc_error.h"
#include "connect/odbc/utf16.h"

namespace assay::connect::odbc {
namespace {

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

constexpr SQLULEN connect_timeout_s = 10;
constexpr size_t piece_bytes = size_t{64} << 10;
constexpr size_t most_name_units = 4096;

SQLWCHAR* units_of(std::u16string& text) { return reinterpret_cast<SQLWCHAR*>(text.data()); }

// As attributes take it. NOLINTNEXTLINE(performance-no-int-to-ptr): the interface has no other way.
SQLPOINTER number(SQLULEN value) { return reinterpret_cast<SQLPOINTER>(value); }

/// Of a value of which so much has come. Drivers begin anew with each piece, so there had better be few; but no more is
/// fetched than shows that the value is longer than `most`.
size_t next_piece(size_t come, size_t most, size_t least) { return std::min(std::max(come, least), most + 2 - come); }

/// An argument of a catalog function.
class Argument {
 public:
  explicit Argument(const std::optional<std::string>& text) : is_any_(!text) {
    if (text) units_ = to_utf16(*text);
  }
  SQLWCHAR* units() { return is_any_ ? nullptr : units_of(units_); }
  SQLSMALLINT size() const { return is_any_ ? SQLSMALLINT{0} : static_cast<SQLSMALLINT>(units_.size()); }

 private:
  bool is_any_;
  std::u16string units_;
};

}  // namespace

void prepare_driver_manager() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

Connection::Connection(const core::Sensitive<std::string>& attributes, std::stop_token stop,
                       int64_t statement_timeout_ms)
    : stop_(std::move(stop)) {
  SQLHANDLE handle = nullptr;
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle))) throw std::bad_alloc();
  environment_.reset(handle);
  check(SQLSetEnvAttr(environment_.get(), SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC3), 0), SQL_HANDLE_ENV,
        environment_.get());
  check(SQLAllocHandle(SQL_HANDLE_DBC, environment_.get(), &handle), SQL_HANDLE_ENV, environment_.get());
  connection_.reset(handle);
  // Drivers may know neither; that is no reason not to connect.
  SQLSetConnectAttr(connection_.get(), SQL_ATTR_LOGIN_TIMEOUT, number(connect_timeout_s), 0);
  SQLSetConnectAttr(connection_.get(), SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), 0);
  std::u16string string = to_utf16(attributes.reveal());
  const SQLRETURN connected =
      SQLDriverConnectW(connection_.get(), nullptr, units_of(string), static_cast<SQLSMALLINT>(string.size()), nullptr,
                        0, nullptr, SQL_DRIVER_NOPROMPT);
  std::ranges::fill(string, u'\0');
  check(connected, SQL_HANDLE_DBC, connection_.get());
  is_connected_ = true;
  check(SQLAllocHandle(SQL_HANDLE_STMT, connection_.get(), &handle), SQL_HANDLE_DBC, connection_.get());
  statement_.reset(handle);
  if (statement_timeout_ms > 0)
    SQLSetStmtAttr(statement_.get(), SQL_ATTR_QUERY_TIMEOUT,
                   number(static_cast<SQLULEN>((statement_timeout_ms + 999) / 1000)), 0);
  canceller_.emplace(stop_, [this] { SQLCancel(statement_.get()); });
}

Connection::~Connection() {
  canceller_.reset();
  if (has_rows_) SQLCancel(statement_.get());
  statement_.reset();
  if (!is_connected_) return;
  SQLEndTran(SQL_HANDLE_DBC, connection_.get(), SQL_ROLLBACK);
  SQLDisconnect(connection_.get());
}

void Connection::fail(SQLSMALLINT type, SQLHANDLE handle) {
  has_failed_ = true;
  if (stop_.stop_requested())
    throw sql::Error(core::ErrorKind::transient, sql::Trouble::cancelled, "ODBC: reading was told to end");
  std::array<SQLWCHAR, 6> state{};
  std::array<SQLWCHAR, 1024> message{};
  SQLINTEGER native = 0;
  SQLSMALLINT size = 0;
  const SQLRETURN told = SQLGetDiagRecW(type, handle, 1, state.data(), &native, message.data(),
                                        static_cast<SQLSMALLINT>(message.size()), &size);
  if (!SQL_SUCCEEDED(told)) throw odbc_error("HY000", 0, "the driver does not say why");
  const auto text = [](const SQLWCHAR* units, size_t count) {
    return to_utf8({reinterpret_cast<const char16_t*>(units), count});
  };
  const size_t shown = std::min<size_t>(static_cast<size_t>(std::max<SQLSMALLINT>(size, 0)), message.size() - 1);
  const sql::Error error = odbc_error(text(state.data(), 5), native, text(message.data(), shown));
  if (!is_connected_) {
    // Drivers have many words for a server that does not answer; few for who may not come in, or a wrong address.
    const bool is_known = error.kind() == core::ErrorKind::denied || error.kind() == core::ErrorKind::bad_input;
    const bool is_refused =
        to_utf8({reinterpret_cast<const char16_t*>(message.data()), shown}).contains("authentication failed");
    if (is_refused) throw sql::Error(core::ErrorKind::denied, sql::Trouble::other, error.what());
    if (!is_known) throw sql::Error(core::ErrorKind::transient, sql::Trouble::connection_lost, error.what());
    throw error;
  }
  SQLUINTEGER is_dead = SQL_CD_FALSE;
  SQLGetConnectAttr(connection_.get(), SQL_ATTR_CONNECTION_DEAD, &is_dead, 0, nullptr);
  if (is_dead == SQL_CD_TRUE) throw sql::Error(core::ErrorKind::transient, sql::Trouble::connection_lost, error.what());
  throw error;
}

void Connection::check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle) {
  if (!SQL_SUCCEEDED(code) || stop_.stop_requested()) fail(type, handle);
}

std::string Connection::information(SQLUSMALLINT what) const {
  std::array<SQLWCHAR, 256> text{};
  SQLSMALLINT bytes = 0;
  if (!SQL_SUCCEEDED(SQLGetInfoW(connection_.get(), what, text.data(), sizeof text, &bytes))) return {};
  const size_t units = std::min<size_t>(static_cast<size_t>(std::max<SQLSMALLINT>(bytes, 0)) / 2, text.size() - 1);
  return to_utf8({reinterpret_cast<const char16_t*>(text.data()), units});
}

void Connection::begin() {
  close();
  if (stop_.stop_requested()) fail(SQL_HANDLE_STMT, statement_.get());
}

void Connection::execute(const std::string& sql) {
  begin();
  std::u16string text = to_utf16(sql);
  const SQLRETURN code = SQLExecDirectW(statement_.get(), units_of(text), static_cast<SQLINTEGER>(text.size()));
  if (code == SQL_NO_DATA) return;
  check_statement(code);
  SQLSMALLINT count = 0;
  check_statement(SQLNumResultCols(statement_.get(), &count));
  has_rows_ = count > 0;
}

void Connection::tables(const std::string& types) {
  begin();
  Argument type(types);
  check_statement(SQLTablesW(statement_.get(), nullptr, 0, nullptr, 0, nullptr, 0, type.units(), type.size()));
  has_rows_ = true;
}

void Connection::take_catalog(SQLRETURN code) {
  if (!SQL_SUCCEEDED(code) && !stop_.stop_requested() && is_lacking()) return;
  check_statement(code);
  has_rows_ = true;
}

// IM001: the driver has no such function; HYC00: it has, but does not do it (ODBC Programmer's Reference, appendix A).
bool Connection::is_lacking() const {
  std::array<SQLWCHAR, 6> state{};
  SQLINTEGER native = 0;
  if (!SQL_SUCCEEDED(SQLGetDiagRecW(SQL_HANDLE_STMT, statement_.get(), 1, state.data(), &native, nullptr, 0, nullptr)))
    return false;
  const std::u16string_view said(reinterpret_cast<const char16_t*>(state.data()), 5);
  return said == u"IM001" || said == u"HYC00";
}

void Connection::columns(const std::optional<std::string>& catalog, const std::optional<std::string>& schema,
                         const std::string& table) {
  begin();
  Argument c(catalog), s(schema), t(table);
  take_catalog(
      SQLColumnsW(statement_.get(), c.units(), c.size(), s.units(), s.size(), t.units(), t.size(), nullptr, 0));
}

void Connection::primary_keys(const std::optional<std::string>& catalog, const std::optional<std::string>& schema,
                              const std::string& table) {
  begin();
  Argument c(catalog), s(schema), t(table);
  take_catalog(SQLPrimaryKeysW(statement_.get(), c.units(), c.size(), s.units(), s.size(), t.units(), t.size()));
}

std::vector<ResultColumn> Connection::result_columns() const {
  SQLSMALLINT count = 0;
  SQLNumResultCols(statement_.get(), &count);
  std::vector<ResultColumn> columns;
  std::vector<SQLWCHAR> text(most_name_units);
  const auto buffer_bytes = static_cast<SQLSMALLINT>(text.size() * sizeof(SQLWCHAR));
  for (SQLSMALLINT i = 0; i < count; ++i) {
    ResultColumn& column = columns.emplace_back();
    SQLSMALLINT size = 0, digits = 0, nullable = SQL_NULLABLE_UNKNOWN;
    const auto number_of = static_cast<SQLUSMALLINT>(i + 1);
    const auto units = [&](SQLSMALLINT n) {
      return std::clamp<size_t>(static_cast<size_t>(std::max<SQLSMALLINT>(n, 0)), 0, text.size() - 1);
    };
    if (SQL_SUCCEEDED(SQLDescribeColW(statement_.get(), number_of, text.data(), static_cast<SQLSMALLINT>(text.size()),
                                      &size, &column.type_code, &column.size, &digits, &nullable)))
      column.name = to_utf8({reinterpret_cast<const char16_t*>(text.data()), units(size)});
    column.is_nullable = nullable != SQL_NO_NULLS;
    SQLLEN unused = 0;
    size = 0;
    if (SQL_SUCCEEDED(SQLColAttributeW(statement_.get(), number_of, SQL_DESC_TYPE_NAME, text.data(), buffer_bytes,
                                       &size, &unused)))
      column.type =
          to_utf8({reinterpret_cast<const char16_t*>(text.data()), units(static_cast<SQLSMALLINT>(size / 2))});
  }
  return columns;
}

bool Connection::next() {
  if (!has_rows_) return false;
  const SQLRETURN code = stop_.stop_requested() ? SQL_ERROR : SQLFetch(statement_.get());
  if (code == SQL_NO_DATA) {
    close();
    return false;
  }
  check_statement(code);
  return true;
}

bool Connection::text(size_t column, std::string& out, size_t most) {
  wide_.clear();
  const auto index = static_cast<SQLUSMALLINT>(column + 1);
  size_t room = 256;  // most cells fit at once
  for (;;) {
    const size_t before = wide_.size();
    wide_.resize(before + room);
    SQLLEN bytes = 0;
    const SQLRETURN code = SQLGetData(statement_.get(), index, SQL_C_WCHAR, units_of(wide_) + before,
                                      static_cast<SQLLEN>(room * sizeof(SQLWCHAR)), &bytes);
    if (code == SQL_NO_DATA) {
      wide_.resize(before);
      break;
    }
    check_statement(code);
    if (bytes == SQL_NULL_DATA) return false;
    const bool is_whole = bytes != SQL_NO_TOTAL && bytes >= 0 && static_cast<size_t>(bytes) / 2 < room;
    wide_.resize(before + (is_whole ? static_cast<size_t>(bytes) / 2 : room - 1));  // one for the NUL
    // A unit is one byte at least.
    if (is_whole || wide_.size() > most) break;
    room = next_piece(wide_.size(), most, piece_bytes / sizeof(SQLWCHAR));
  }
  out = to_utf8(wide_);
  return true;
}

bool Connection::bytes(size_t column, std::string& out, size_t most) {
  out.clear();
  const auto index = static_cast<SQLUSMALLINT>(column + 1);
  size_t room = 512;
  for (;;) {
    const size_t before = out.size();
    out.resize(before + room);
    SQLLEN bytes = 0;
    const SQLRETURN code =
        SQLGetData(statement_.get(), index, SQL_C_BINARY, out.data() + before, static_cast<SQLLEN>(room), &bytes);
    if (code == SQL_NO_DATA) {
      out.resize(before);
      break;
    }
    check_statement(code);
    if (bytes == SQL_NULL_DATA) return false;
    const bool is_whole = bytes != SQL_NO_TOTAL && bytes >= 0 && static_cast<size_t>(bytes) <= room;
    out.resize(before + (is_whole ? static_cast<size_t>(bytes) : room));
    if (is_whole || out.size() > most) break;
    room = next_piece(out.size(), most, piece_bytes);
  }
  return true;
}

void Connection::close() {
  if (statement_ != nullptr) SQLFreeStmt(statement_.get(), SQL_CLOSE);
  has_rows_ = false;
}

}  // namespace assay::connect::odbc
