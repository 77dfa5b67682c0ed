#include "connect/odbc/odbc_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/printable.h"

namespace assay::connect::odbc {
namespace {

constexpr size_t page_tables = 2'000;
constexpr size_t most_row_bytes = size_t{40} << 20;
constexpr size_t least_cell_bytes = size_t{64} << 10;  // that the cells before it leave to one, where it goes
constexpr size_t most_name_bytes = 4'096;
constexpr size_t most_comment_bytes = 64U << 10;

// Places in what SQLTables, SQLColumns and SQLPrimaryKeys give (ODBC Programmer's Reference).
enum TablesColumn : uint8_t { table_catalog, table_schema, table_name, table_type };
enum ColumnsColumn : uint8_t { column_schema = 1, column_table = 2, column_name = 3, column_remarks = 11 };
enum KeysColumn : uint8_t { key_column = 3, key_position = 4 };

/// Of `left_bytes` for so many cells: what the others need when they are short is not the first one's.
size_t most_bytes_of_cell(size_t left_bytes, size_t cells) {
  const size_t of_others = least_cell_bytes * (cells - 1), part = left_bytes / cells;
  return std::min(model::max_cell_bytes, std::max(part, left_bytes - std::min(left_bytes, of_others)));
}

std::string to_upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::string braced(std::string_view value) {
  std::string text = "{";
  for (const char c : value) {
    if (c == '}') text += c;
    text += c;
  }
  return text + "}";
}

OdbcSession::OdbcSession(const Options& options, std::stop_token stop)
    : connection_(options.attributes, std::move(stop), options.statement_timeout_ms),
      dialect_(dialect_of(connection_.information(SQL_DBMS_NAME))),
      quote_(connection_.information(SQL_IDENTIFIER_QUOTE_CHAR)),
      has_schemas_(dialect_ != Dialect::mysql && dialect_ != Dialect::sqlite &&
                   !connection_.information(SQL_SCHEMA_TERM).empty()),
      random_(std::random_device{}()) {
  if (const std::string statement = read_only_statement(dialect_); !statement.empty()) connection_.execute(statement);
}

bool OdbcSession::is_own(const std::string& schema) const {
  if (dialect_ == Dialect::oracle) return schema == "SYS" || schema == "SYSTEM" || schema == "XDB";
  if (dialect_ == Dialect::mysql)
    return schema == "mysql" || schema == "information_schema" || schema == "performance_schema" || schema == "sys";
  const std::string upper = to_upper(schema);
  return upper == "INFORMATION_SCHEMA" || (dialect_ == Dialect::db2 && upper.starts_with("SYS"));
}

// Drivers tell of all tables at once, in an order of their own: of those behind the key the first are kept.
std::vector<ListedTable> OdbcSession::list(const std::string& schema, const std::string& name) {
  using Key = std::pair<std::string, std::string>;
  const Key behind{schema, name};
  std::set<std::pair<Key, bool>> page;
  connection_.tables("TABLE,VIEW,BASE TABLE");
  while (connection_.next()) {
    std::string catalog, own_schema, table, type;
    connection_.text(table_catalog, catalog, most_name_bytes);
    connection_.text(table_schema, own_schema, most_name_bytes);
    connection_.text(table_name, table, most_name_bytes);
    connection_.text(table_type, type, most_name_bytes);
    Key key{has_schemas_ ? own_schema : dialect_ == Dialect::mysql ? catalog : "", table};
    if (is_own(key.first) || key <= behind || key.second.empty()) continue;
    page.emplace(std::move(key), to_upper(type).contains("VIEW"));
    if (page.size() > page_tables) page.erase(std::prev(page.end()));
  }
  std::vector<ListedTable> tables;
  tables.reserve(page.size());
  for (const auto& [key, is_view] : page)
    tables.push_back({.schema = key.first, .name = key.second, .kind = is_view ? "view" : "table"});
  return tables;
}

std::string OdbcSession::from(const std::string& schema, const std::string& name) const {
  const std::string table = quoted(dialect_, quote_, name);
  return schema.empty() ? table : quoted(dialect_, quote_, schema) + "." + table;
}

std::optional<std::string> OdbcSession::catalog_of(const std::string& schema) const {
  return has_schemas_ || schema.empty() ? std::nullopt : std::optional(schema);
}

std::optional<std::string> OdbcSession::schema_of(const std::string& schema) const {
  return has_schemas_ && !schema.empty() ? std::optional(schema) : std::nullopt;
}

DescribedTable OdbcSession::shape_of(const std::string& schema, const std::string& name) {
  connection_.execute("SELECT * FROM " + from(schema, name) + " WHERE 1 = 0");
  const std::vector<ResultColumn> columns = connection_.result_columns();
  connection_.close();
  DescribedTable described;
  described.description.schema = schema;
  described.description.name = name;
  for (const ResultColumn& column : columns) {
    described.description.columns.push_back(
        {.name = column.name, .native_type = column.type, .comment = {}, .is_nullable = column.is_nullable});
    described.plans.push_back(plan_of(dialect_, quoted(dialect_, quote_, column.name), column.type_code, column.size));
  }
  return described;
}

void OdbcSession::add_comments(DescribedTable& table) {
  model::TableDescription& d = table.description;
  // The function takes patterns: what is another table's is left out below.
  connection_.columns(catalog_of(d.schema), schema_of(d.schema), d.name);
  std::string schema, name, column, remarks;
  while (connection_.next()) {
    schema.clear();
    remarks.clear();
    connection_.text(column_schema, schema, most_name_bytes);
    connection_.text(column_table, name, most_name_bytes);
    connection_.text(column_name, column, most_name_bytes);
    if (name != d.name || (has_schemas_ && schema != d.schema)) continue;
    if (!connection_.text(column_remarks, remarks, most_comment_bytes)) continue;
    const auto found = std::ranges::find(d.columns, column, &model::ColumnDescription::name);
    if (found != d.columns.end()) found->comment = remarks;
  }
}

void OdbcSession::add_key(DescribedTable& table) {
  model::TableDescription& d = table.description;
  connection_.primary_keys(catalog_of(d.schema), schema_of(d.schema), d.name);
  std::string column, position;
  while (connection_.next()) {
    if (!connection_.text(key_column, column, most_name_bytes)) continue;
    if (!connection_.text(key_position, position, most_name_bytes)) continue;
    const auto found = std::ranges::find(d.columns, column, &model::ColumnDescription::name);
    if (found != d.columns.end())
      std::from_chars(position.data(), position.data() + position.size(), found->key_position);
  }
}

DescribedTable OdbcSession::describe(const std::string& schema, const std::string& name) {
  DescribedTable described = shape_of(schema, name);
  add_comments(described);
  add_key(described);
  return described;
}

void OdbcSession::begin(const DescribedTable& table, const RowChoice& choice) {
  kinds_.clear();
  for (const ColumnPlan& plan : table.plans) kinds_.push_back(plan.kind);
  const bool chooses_here = choice.sample != RowChoice::Sample::none && !can_sample(dialect_);
  sample_percent_ = chooses_here ? choice.sample_percent : 100;
  connection_.execute(
      select_statement(dialect_, table, from(table.description.schema, table.description.name), choice));
}

bool OdbcSession::append_row(std::string& out) {
  if (!connection_.next()) return false;
  if (sample_percent_ < 100 && std::uniform_real_distribution<>(0, 100)(random_) >= sample_percent_) return true;
  model::RowStreamWriter writer(out);
  writer.begin_row();
  size_t left_bytes = most_row_bytes;
  for (size_t i = 0; i < kinds_.size(); ++i) {
    const size_t most = most_bytes_of_cell(left_bytes, kinds_.size() - i);
    const bool is_there =
        kinds_[i] == model::CellKind::binary ? connection_.bytes(i, cell_, most) : connection_.text(i, cell_, most);
    if (is_there) {
      writer.cell(kinds_[i], cell_, most);
      left_bytes -= std::min({cell_.size(), most, left_bytes});
    } else {
      writer.null();
    }
  }
  return true;
}

std::string OdbcSession::server_version() {
  const auto said = [this](SQLUSMALLINT what) { return core::printable(connection_.information(what), 100); };
  return fmt::format("{} {} through {}", said(SQL_DBMS_NAME), said(SQL_DBMS_VER), said(SQL_DRIVER_NAME));
}

}  // namespace assay::connect::odbc
