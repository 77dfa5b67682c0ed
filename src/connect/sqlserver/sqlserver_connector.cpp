#include "connect/sqlserver/sqlserver_connector.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <memory>

#include "connect/odbc/odbc_session.h"
#include "connect/sqlserver/statements.h"
#include "connect/tables/table_connector.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::sqlserver {
namespace {

constexpr std::string_view schemes[] = {"sqlserver", "mssql"};
constexpr SettingKey own_keys[] = {
    {.name = "password", .help = "a reference to the password; none: as who runs Assay (Kerberos)", .is_secret = true},
    {.name = "driver", .help = "name of the ODBC driver; default Microsoft's newest, else FreeTDS"},
    {.name = "encrypt", .help = "false: connections may be plain; default true"},
    {.name = "trust_certificate", .help = "true: whoever answers is taken for the server; default false"},
};
constexpr auto setting_keys = with_reading_settings(own_keys);
constexpr size_t most_text_bytes = 64U << 10;

std::vector<std::string> installed_drivers() {
  SQLHANDLE handle = nullptr;
  if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &handle))) throw std::bad_alloc();
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the interface has no other way
  SQLSetEnvAttr(handle, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQLULEN{SQL_OV_ODBC3}), 0);
  std::vector<std::string> names;
  std::array<SQLCHAR, 256> name{};
  SQLSMALLINT size = 0, unused = 0;
  SQLUSMALLINT direction = SQL_FETCH_FIRST;
  while (SQL_SUCCEEDED(
      SQLDrivers(handle, direction, name.data(), static_cast<SQLSMALLINT>(name.size()), &size, nullptr, 0, &unused))) {
    names.emplace_back(reinterpret_cast<const char*>(name.data()));
    direction = SQL_FETCH_NEXT;
  }
  SQLFreeHandle(SQL_HANDLE_ENV, handle);
  return names;
}

uint64_t number_of(const std::string& text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// NULL is "".
std::vector<std::vector<std::string>> rows_of(odbc::Connection& connection, const std::string& sql, size_t columns) {
  connection.execute(sql);
  std::vector<std::vector<std::string>> rows;
  while (connection.next()) {
    auto& row = rows.emplace_back(columns);
    for (size_t i = 0; i < columns; ++i)
      if (!connection.text(i, row[i], most_text_bytes)) row[i].clear();
  }
  return rows;
}

class SqlserverProbe final : public LoadProbe {
 public:
  SqlserverProbe(const odbc::OdbcSession::Options& options, std::stop_token stop, const LoadBounds& bounds)
      : connection_(options.attributes, std::move(stop), options.statement_timeout_ms), bounds_(bounds) {}

  ServerLoad look() override {
    if (number(sees_load_statement) != 1)
      throw sql::Error(core::ErrorKind::denied, sql::Trouble::other,
                       "SQL Server: the settings max_replication_lag_s and max_running need the privilege VIEW SERVER "
                       "STATE (2022 and newer: VIEW SERVER PERFORMANCE STATE)");
    ServerLoad load;
    if (bounds_.max_replication_lag_s != 0) load.replication_lag_s = static_cast<double>(number(lag_statement));
    if (bounds_.max_running != 0) load.running = number(running_statement);
    return load;
  }

 private:
  uint64_t number(std::string_view sql) { return number_of(rows_of(connection_, std::string(sql), 1).at(0).at(0)); }

  odbc::Connection connection_;
  const LoadBounds bounds_;
};

class SqlserverSession final : public odbc::OdbcSession {
 public:
  SqlserverSession(const Options& options, std::stop_token stop) : OdbcSession(options, std::move(stop)) {
    // Readers of a snapshot lock nothing; where a database has none, locks are held for a page at a time.
    const bool has_snapshots = rows_of(std::string(snapshot_statement), 1).at(0).at(0) == "1";
    connection().execute(
        fmt::format("SET TRANSACTION ISOLATION LEVEL {}", has_snapshots ? "SNAPSHOT" : "READ COMMITTED"));
    if (has_snapshots) connection().execute("BEGIN TRANSACTION");
  }

  std::vector<ListedTable> list(const std::string& schema, const std::string& name) override {
    std::vector<ListedTable> tables;
    for (const auto& row : rows_of(list_statement(schema, name), 4))
      tables.push_back(
          {.schema = row[0], .name = row[1], .kind = kind_of(row[2]), .bytes = number_of(row[3]), .change_id = {}});
    return tables;
  }

  bool choose_quick_sample(const DescribedTable& table, RowChoice& choice) override {
    choice.sample = RowChoice::Sample::blocks;
    return table.description.kind == "table";
  }

  DescribedTable describe(const std::string& schema, const std::string& name) override {
    const auto table = rows_of(table_statement(schema, name), 4);
    if (table.empty())
      throw sql::Error(core::ErrorKind::not_found, sql::Trouble::other,
                       fmt::format("SQL Server: there is no table {}.{}, or none that may be seen",
                                   core::printable(schema, 200), core::printable(name, 200)));
    DescribedTable described = shape_of(schema, name);
    model::TableDescription& d = described.description;
    d.kind = kind_of(table[0][0]);
    d.comment = table[0][1];
    if (!table[0][2].empty()) d.estimated_rows = number_of(table[0][2]);
    d.bytes = number_of(table[0][3]);
    const auto columns = rows_of(columns_statement(schema, name), 4);
    for (size_t i = 0; i < columns.size() && i < d.columns.size(); ++i) {
      if (columns[i][0] != d.columns[i].name) continue;
      if (!columns[i][1].empty()) d.columns[i].native_type = columns[i][1];
      d.columns[i].comment = columns[i][2];
      d.columns[i].key_position = static_cast<uint32_t>(number_of(columns[i][3]));
    }
    return described;
  }

 private:
  static std::string kind_of(const std::string& type) { return type.starts_with('V') ? "view" : "table"; }

  std::vector<std::vector<std::string>> rows_of(const std::string& sql, size_t columns) {
    return sqlserver::rows_of(connection(), sql, columns);
  }
};

class SqlserverDatabase final : public TableDatabase {
 public:
  SqlserverDatabase(const SourceAddress& address, ConnectorContext context, int64_t statement_timeout_ms)
      : context_(std::move(context)), statement_timeout_ms_(statement_timeout_ms) {
    const SettingReader settings(address);
    password_reference_ = settings.text("password");
    options_.driver = settings.text("driver");
    const std::string encrypt = settings.text("encrypt");
    options_.encrypt = encrypt.empty() || settings.flag("encrypt");
    options_.trust_certificate = settings.flag("trust_certificate");
    for (const std::string& root : address.roots) {
      urls_.push_back(server_url(root));
      if (urls_.back().database.empty())
        throw core::Error(core::ErrorKind::bad_input, "the URL must name a database: sqlserver://USER@HOST/DATABASE");
      roots_.push_back(urls_.back().shown("sqlserver"));
    }
  }

  const std::vector<std::string>& roots() const override { return roots_; }
  std::unique_ptr<TableSession> connect(size_t root) override {
    return std::make_unique<SqlserverSession>(session_options(root, statement_timeout_ms_), context_.stop);
  }
  std::unique_ptr<LoadProbe> connect_probe(size_t root, const LoadBounds& bounds) override {
    return std::make_unique<SqlserverProbe>(session_options(root, look_timeout_ms), context_.stop, bounds);
  }

 private:
  odbc::OdbcSession::Options session_options(size_t root, int64_t statement_timeout_ms) const {
    DriverOptions options = options_;
    if (options.driver.empty()) options.driver = best_driver(installed_drivers());
    if (options.driver.empty())
      throw core::Error(core::ErrorKind::bad_input,
                        "there is no ODBC driver for SQL Server: install tdsodbc, or Microsoft's msodbcsql18");
    odbc::Attributes all = attributes_of(urls_.at(root), options);
    if (!password_reference_.empty()) all.emplace_back("PWD", context_.resolve_secret(password_reference_).reveal());
    return {.attributes = core::Sensitive(odbc::joined(all)), .statement_timeout_ms = statement_timeout_ms};
  }

  std::vector<ServerUrl> urls_;
  std::vector<std::string> roots_;
  ConnectorContext context_;
  std::string password_reference_;
  DriverOptions options_;
  const int64_t statement_timeout_ms_;
};

std::unique_ptr<Connector> make_sqlserver(const SourceAddress& address, ConnectorContext context) {
  ReadingOptions options = reading_options(address, true);
  auto database = std::make_unique<SqlserverDatabase>(address, context, options.statement_timeout_ms());
  return make_table_connector(address, std::move(context), std::move(options), std::move(database));
}

}  // namespace

const ConnectorKind& sqlserver_kind() {
  static constexpr ConnectorKind kind{
      .name = "sqlserver", .schemes = schemes, .settings = setting_keys, .has_tables = true, .make = make_sqlserver};
  static const bool is_prepared = (odbc::prepare_driver_manager(), true);
  static_cast<void>(is_prepared);
  return kind;
}

}  // namespace assay::connect::sqlserver
