#include "sql/sqlite_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sql/cells.h"
#include "sql/parameters.h"
#include "sql/sqlite_error.h"

namespace assay::sql {
namespace {

constexpr size_t max_parameters = 65'535;  // PostgreSQL's

[[noreturn]] void throw_bug(const std::string& message) { throw Error(core::ErrorKind::bug, Trouble::other, message); }

sqlite3_stmt* prepare(sqlite3* database, std::string_view sql, const char** rest) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, rest);
  if (code != SQLITE_OK) throw sqlite_error(database, code, SqliteStage::prepare);
  return statement;
}

/// Which parameter a name such as `$3` or `$3::bigint` means, from 0.
size_t parameter_named(const char* name) {
  const std::string_view text = name ? name : "";
  size_t number = 0;
  if (text.starts_with('$')) {
    const auto [end, failure] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    const std::string_view behind = text.substr(static_cast<size_t>(end - text.data()));
    if (failure != std::errc{} || !(behind.empty() || behind.starts_with("::"))) number = 0;
  }
  if (number == 0 || number > max_parameters) throw_bug("parameters of statements are written $1, $2, ...");
  return number - 1;
}

template <typename Bytes>
const char* not_null(const Bytes& bytes) {
  return bytes.data() ? bytes.data() : "";  // SQLite takes a null pointer for a null
}

}  // namespace

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) throw_bug("a statement with a NUL in it");
  if (sql.size() > 1'000'000'000) throw_bug("a statement of over a gigabyte");
  const char* rest = nullptr;
  statement_.reset(prepare(database, sql, &rest));
  if (!statement_) throw_bug("an empty statement");
  const std::string_view behind = sql.substr(static_cast<size_t>(rest - sql.data()));
  if (const std::unique_ptr<sqlite3_stmt, Finalize> second{prepare(database, behind, nullptr)}; second)
    throw_bug("more than one statement where one is run");

  const int count = sqlite3_bind_parameter_count(statement_.get());
  for (int i = 1; i <= count; ++i)
    parameter_of_.push_back(parameter_named(sqlite3_bind_parameter_name(statement_.get(), i)));
  for (const size_t parameter : parameter_of_) parameters_ = std::max(parameters_, parameter + 1);
  std::vector<bool> is_there(parameters_);
  for (const size_t parameter : parameter_of_) is_there[parameter] = true;
  if (const auto gap = std::ranges::find(is_there, false); gap != is_there.end())
    throw_bug(fmt::format("the statement has a parameter ${}, but no ${}", parameters_, gap - is_there.begin() + 1));
}

void SqliteStatement::bind(std::span<const Value> parameters) {
  if (parameters.size() != parameters_)
    throw_bug(fmt::format("the statement has {} parameters, and {} were given", parameters_, parameters.size()));
  for (size_t i = 0; i < parameter_of_.size(); ++i) bind_value(static_cast<int>(i + 1), parameters[parameter_of_[i]]);
}

void SqliteStatement::bind_value(int index, const Value& value) {
  struct Binder {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::nullptr_t) const { return sqlite3_bind_null(statement, index); }
    int operator()(bool flag) const { return sqlite3_bind_int64(statement, index, flag ? 1 : 0); }
    int operator()(int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
    int operator()(std::string_view text) const {
      return sqlite3_bind_text64(statement, index, not_null(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(Blob blob) const {
      return sqlite3_bind_blob64(statement, index, not_null(blob.bytes), blob.bytes.size(), SQLITE_STATIC);
    }
    int operator()(std::span<const int64_t> numbers) const { return bind_json(json_array(numbers)); }
    int operator()(std::span<const std::string_view> texts) const { return bind_json(json_array(texts)); }
    int bind_json(const std::string& json) const {
      return sqlite3_bind_text64(statement, index, json.data(), json.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
  };
  const int code = std::visit(Binder{statement_.get(), index}, value);
  if (code != SQLITE_OK) throw sqlite_error(sqlite3_db_handle(statement_.get()), code, SqliteStage::run);
}

void SqliteStatement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

void SqliteRow::refresh() {
  types_.resize(static_cast<size_t>(sqlite3_data_count(statement_)));
  for (size_t i = 0; i < types_.size(); ++i) types_[i] = sqlite3_column_type(statement_, static_cast<int>(i));
}

int SqliteRow::type(size_t column) const {
  if (column >= types_.size()) throw_no_such_cell(0, column);
  return types_[column];
}

bool SqliteRow::is_null(size_t column) const { return type(column) == SQLITE_NULL; }

int64_t SqliteRow::integer(size_t column) const {
  if (type(column) == SQLITE_INTEGER) return sqlite3_column_int64(statement_, static_cast<int>(column));
  return cell_integer(text(column), column);
}

double SqliteRow::real(size_t column) const {
  if (type(column) == SQLITE_FLOAT) return sqlite3_column_double(statement_, static_cast<int>(column));
  return cell_real(text(column), column);
}

std::string_view SqliteRow::real_text(size_t column) const {
  reals_.resize(types_.size());
  std::array<char, 32>& buffer = reals_[column];
  const double number = sqlite3_column_double(statement_, static_cast<int>(column));
  const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end};
}

bool SqliteRow::boolean(size_t column) const { return cell_boolean(text(column), column); }

std::string_view SqliteRow::text(size_t column) const {
  const int at = static_cast<int>(column);
  const void* bytes = nullptr;
  switch (type(column)) {
    case SQLITE_NULL: throw_null_cell(column);
    case SQLITE_FLOAT: return real_text(column);
    case SQLITE_BLOB: bytes = sqlite3_column_blob(statement_, at); break;
    default: bytes = sqlite3_column_text(statement_, at); break;
  }
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, at));
  if (!bytes) {
    if (sqlite3_errcode(sqlite3_db_handle(statement_)) == SQLITE_NOMEM)
      throw Error(core::ErrorKind::transient, Trouble::other, "SQLite: out of memory");
    return {};
  }
  return {static_cast<const char*>(bytes), size};
}

}  // namespace assay::sql
