#include "connect/mysql/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "connect/mysql/row_bound.h"
#include "core/printable.h"

namespace assay::connect::mysql {
namespace {

constexpr size_t page_tables = 500;
constexpr int64_t too_fresh_s = 2;  // times have whole seconds
constexpr const char* own_schemas = "('information_schema', 'mysql', 'performance_schema', 'sys')";

std::string text_of(const Client::Cell& cell) { return cell.value_or(""); }

uint64_t number_of(const Client::Cell& cell) {
  const std::string text = text_of(cell);
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// A condition that servers answer by looking at one table, whose name they compare without looking at case.
std::string is_table(Client& client, const std::string& schema, const std::string& name) {
  const std::string literal = client.literal(name);
  return fmt::format("TABLE_SCHEMA = {} AND TABLE_NAME = {} AND BINARY TABLE_NAME = BINARY {}", client.literal(schema),
                     literal, literal);
}

/// Of engines whose tables are windows on other servers.
bool is_foreign(const std::string& engine) {
  static constexpr std::array engines{"FEDERATED", "CONNECT", "SPIDER", "S3"};
  return std::ranges::find(engines, engine) != engines.end();
}

std::string kind_of(const std::string& type, const std::string& engine) {
  if (type == "VIEW") return "view";
  return is_foreign(engine) ? "foreign table" : "table";
}

// MyISAM tells the time of its file, InnoDB that of the last commit, until the server forgets it and says nothing.
// What other engines tell was written some time after the change.
std::string change_id(const std::string& engine, const Client::Cell& created, const Client::Cell& updated,
                      uint64_t now) {
  if ((engine != "InnoDB" && engine != "MyISAM") || !updated) return {};
  if (number_of(updated) + too_fresh_s > now) return {};
  return fmt::format("{} {}", text_of(created), text_of(updated));
}

void look_at(Client& client, const std::string& schema, ListedTable& table) {
  const auto rows = client.query(
      "SELECT ENGINE, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0), UNIX_TIMESTAMP(CREATE_TIME), "
      "UNIX_TIMESTAMP(UPDATE_TIME), UNIX_TIMESTAMP() FROM information_schema.TABLES WHERE " +
      is_table(client, schema, table.name));
  if (rows.empty()) return;  // it was dropped: whoever opens it says so
  const auto& row = rows[0];
  table.kind = kind_of("BASE TABLE", text_of(row[0]));
  table.bytes = number_of(row[1]);
  table.change_id = change_id(text_of(row[0]), row[2], row[3], number_of(row[4]));
}

std::vector<ListedTable> page_of(Client& client, const std::string& schema, const std::string& behind) {
  // Names and kinds, for which no table is opened; then each table by itself.
  const auto rows = client.query(fmt::format(
      "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_TYPE IN "
      "('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW') AND BINARY TABLE_NAME > BINARY {} ORDER BY BINARY TABLE_NAME LIMIT "
      "{}",
      client.literal(schema), client.literal(behind), page_tables));
  std::vector<ListedTable> page;
  page.reserve(rows.size());
  for (const auto& row : rows) {
    ListedTable& table = page.emplace_back();
    table.schema = schema;
    table.name = text_of(row[0]);
    table.kind = kind_of(text_of(row[1]), "");
    if (table.kind == "table") look_at(client, schema, table);
  }
  return page;
}

std::string next_schema(Client& client, const std::string& behind) {
  const auto rows =
      client.query(fmt::format("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN {} AND "
                               "BINARY SCHEMA_NAME > BINARY {} ORDER BY BINARY SCHEMA_NAME LIMIT 1",
                               own_schemas, client.literal(behind)));
  return rows.empty() ? "" : text_of(rows[0][0]);
}

/// Of a column's row in information_schema: whether its type has values of at most 64 KiB that do not count as parts of
/// the row, which has 64 KiB without such.
bool is_short(const std::vector<Client::Cell>& column) { return column[2] == "blob" || column[2] == "text"; }
constexpr int64_t most_short = 128;

/// `charset`: that of a column of texts. `is_short_too`: also values of at most 64 KiB count, of which the table has
/// many.
ColumnPlan plan_of(const std::string& column, const std::string& type, const std::string& charset, bool is_short_too) {
  using model::CellKind;
  const std::string name = quoted(column);
  const auto is_one_of = [&type](auto... names) { return ((type == names) || ...); };
  // One more, to see the cut.
  const auto cut = [](const std::string& value) { return fmt::format("LEFT({}, {} + 1)", value, most_bytes_here); };
  // As they come, in UTF-8; of a text LEFT counts characters.
  const auto cut_text = [&] { return cut(fmt::format("CAST(CONVERT({} USING utf8mb4) AS BINARY)", cut(name))); };
  const std::string length = fmt::format("OCTET_LENGTH({})", name);
  const std::string length_of_text =
      (charset.starts_with("utf8") || charset == "ascii" ? "" : "2 * ") + length;  // characters may get longer
  if (is_one_of("mediumblob", "longblob") || (is_short_too && type == "blob"))
    return {CellKind::binary, cut(name), length};
  if (is_one_of("binary", "varbinary", "tinyblob", "blob")) return {CellKind::binary, name};
  if (is_one_of("mediumtext", "longtext") || (is_short_too && type == "text"))
    return {CellKind::text, cut_text(), length_of_text};
  if (type == "json") return {CellKind::json, cut_text(), length};
  if (type == "bit") return {CellKind::text, fmt::format("CAST({} AS UNSIGNED)", name)};
  if (is_one_of("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
                "geometrycollection", "geomcollection"))
    return {CellKind::text, cut(fmt::format("ST_AsText({})", name)), "3 * " + length};
  return {CellKind::text, name};
}

}  // namespace

std::string quoted(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos)
    throw sql::Error(core::ErrorKind::bad_input, sql::Trouble::other, "a name in a database is not empty, without NUL");
  std::string text = "`";
  for (const char c : name) {
    if (c == '`') text += '`';
    text += c;
  }
  return text + "`";
}

std::vector<ListedTable> list_tables(Client& client, const std::string& database, const std::string& schema,
                                     const std::string& name) {
  if (!database.empty()) {
    std::vector<ListedTable> page = page_of(client, database, name);
    for (ListedTable& table : page) table.schema.clear();
    return page;
  }
  std::string at = schema, behind = name;
  for (;;) {
    if (!at.empty())
      if (std::vector<ListedTable> page = page_of(client, at, behind); !page.empty()) return page;
    at = next_schema(client, at);
    behind.clear();
    if (at.empty()) return {};
  }
}

DescribedTable describe_table(Client& client, const std::string& schema, const std::string& name) {
  const std::string condition = is_table(client, schema, name);
  const auto tables = client.query(
      "SELECT TABLE_TYPE, ENGINE, TABLE_COMMENT, TABLE_ROWS, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) "
      "FROM information_schema.TABLES WHERE " +
      condition);
  const auto columns = client.query(
      "SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, COLUMN_COMMENT, IS_NULLABLE, CHARACTER_SET_NAME FROM "
      "information_schema.COLUMNS WHERE " +
      condition + " ORDER BY ORDINAL_POSITION");
  if (tables.empty() || columns.empty())
    throw sql::Error(core::ErrorKind::not_found, sql::Trouble::other,
                     fmt::format("MySQL: there is no table {}.{}, or none that may be read",
                                 core::printable(schema, 200), core::printable(name, 200)));
  const auto key = client.query("SELECT COLUMN_NAME, SEQ_IN_INDEX FROM information_schema.STATISTICS WHERE " +
                                condition + " AND INDEX_NAME = 'PRIMARY'");
  DescribedTable described;
  model::TableDescription& d = described.description;
  d.schema = schema;
  d.name = name;
  d.kind = kind_of(text_of(tables[0][0]), text_of(tables[0][1]));
  if (d.kind != "view") d.comment = text_of(tables[0][2]);
  if (tables[0][3]) d.estimated_rows = number_of(tables[0][3]);
  d.bytes = number_of(tables[0][4]);
  const bool has_many_short = std::ranges::count_if(columns, is_short) > most_short;
  for (const auto& column : columns) {
    const auto part = std::ranges::find_if(key, [&](const auto& row) { return row[0] == column[0]; });
    d.columns.push_back({.name = text_of(column[0]),
                         .native_type = text_of(column[1]),
                         .comment = text_of(column[3]),
                         .is_nullable = text_of(column[4]) != "NO",
                         .key_position = part == key.end() ? 0 : static_cast<uint32_t>(number_of((*part)[1]))});
    described.plans.push_back(plan_of(d.columns.back().name, text_of(column[2]), text_of(column[5]), has_many_short));
  }
  return described;
}

}  // namespace assay::connect::mysql
