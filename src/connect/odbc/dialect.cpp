#include "connect/odbc/dialect.h"

#include <fmt/format.h>
#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace assay::connect::odbc {
namespace {

// Types of Microsoft's drivers (msodbcsql.h), which FreeTDS has too.
constexpr int sqlserver_variant = -150, sqlserver_udt = -151, sqlserver_xml = -152;

bool is_long(int type_code) {
  return type_code == SQL_LONGVARCHAR || type_code == SQL_WLONGVARCHAR || type_code == SQL_LONGVARBINARY;
}

bool is_binary(int type_code) {
  return type_code == SQL_BINARY || type_code == SQL_VARBINARY || type_code == SQL_LONGVARBINARY ||
         type_code == sqlserver_udt;
}

bool is_wide(int type_code) { return type_code == SQL_WVARCHAR || type_code == SQL_WLONGVARCHAR; }

/// Whether the driver knows no length: Microsoft's tells of (max) as of a type of length 0.
bool is_unbounded(Dialect dialect, int type_code, size_t size) {
  const bool varies = type_code == SQL_VARCHAR || type_code == SQL_WVARCHAR || type_code == SQL_VARBINARY;
  return is_long(type_code) || (dialect == Dialect::sqlserver && varies && size == 0);
}

std::string cut(Dialect dialect, const std::string& name, int type_code) {
  const bool is_of_bytes = is_binary(type_code);
  const size_t most = model::max_cell_bytes + 1;  // one more, so that the cut is seen
  switch (dialect) {
    case Dialect::postgresql:
      return is_of_bytes ? fmt::format("substring({} FROM 1 FOR {})", name, most)
                         : fmt::format("left(CAST({} AS text), {})", name, most);
    case Dialect::mysql: return fmt::format("LEFT({}, {})", name, most);
    case Dialect::sqlite: return fmt::format("substr({}, 1, {})", name, most);
    case Dialect::sqlserver: {
      // SUBSTRING gives 8000 bytes at most of text, ntext and image.
      const char* type = is_of_bytes ? "varbinary" : is_wide(type_code) ? "nvarchar" : "varchar";
      return fmt::format("SUBSTRING(CAST({} AS {}(max)), 1, {})", name, type, most);
    }
    default: return name;
  }
}

/// Behind the table's name, and as a condition.
struct SampleText {
  std::string clause, condition;
};

SampleText sample_text(Dialect dialect, const RowChoice& choice) {
  const double percent = choice.sample_percent;
  const bool blocks = choice.sample == RowChoice::Sample::blocks;
  switch (dialect) {
    case Dialect::postgresql:
      return {fmt::format(" TABLESAMPLE {} ({})", blocks ? "SYSTEM" : "BERNOULLI", percent), ""};
    case Dialect::mysql: return {"", fmt::format("RAND() < {}", percent / 100)};
    case Dialect::sqlite: return {"", fmt::format("abs(random() % 1000000) < {}", percent * 10'000)};
    case Dialect::sqlserver:
      if (blocks) return {fmt::format(" TABLESAMPLE ({} PERCENT)", percent), ""};
      return {"", fmt::format("ABS(CAST(CHECKSUM(NEWID()) AS bigint)) % 1000000 < {}", percent * 10'000)};
    // Oracle takes no 100, nor does anybody ask for it.
    case Dialect::oracle: return {fmt::format(" SAMPLE{} ({})", blocks ? " BLOCK" : "", percent), ""};
    case Dialect::db2: return {fmt::format(" TABLESAMPLE {} ({})", blocks ? "SYSTEM" : "BERNOULLI", percent), ""};
    case Dialect::snowflake: return {fmt::format(" SAMPLE {} ({})", blocks ? "SYSTEM" : "BERNOULLI", percent), ""};
    case Dialect::standard: return {};
  }
  return {};
}

}  // namespace

Dialect dialect_of(std::string_view dbms_name) {
  static constexpr std::array<std::pair<std::string_view, Dialect>, 9> names{
      {{"PostgreSQL", Dialect::postgresql},
       {"MySQL", Dialect::mysql},
       {"MariaDB", Dialect::mysql},
       {"SQLite", Dialect::sqlite},
       {"Microsoft SQL Server", Dialect::sqlserver},
       {"Oracle", Dialect::oracle},
       {"DB2", Dialect::db2},
       {"Snowflake", Dialect::snowflake},
       {"SQL Server", Dialect::sqlserver}}};
  const auto* const found =
      std::ranges::find_if(names, [&](const auto& one) { return dbms_name.starts_with(one.first); });
  return found == names.end() ? Dialect::standard : found->second;
}

std::string quoted(Dialect dialect, std::string_view quote, std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos)
    throw sql::Error(core::ErrorKind::bad_input, sql::Trouble::other, "a name in a database is not empty, without NUL");
  const bool has_brackets = dialect == Dialect::sqlserver;
  if (!has_brackets && (quote.empty() || quote == " ")) {
    const bool is_plain =
        std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
    if (!is_plain)
      throw sql::Error(core::ErrorKind::bad_input, sql::Trouble::other,
                       "the driver has no quotes for a name with other characters than letters, digits and _");
    return std::string(name);
  }
  const char open = has_brackets ? '[' : quote[0], close = has_brackets ? ']' : quote[0];
  std::string text(1, open);
  for (const char c : name) {
    if (c == close) text += c;
    text += c;
  }
  return text + close;
}

ColumnPlan plan_of(Dialect dialect, const std::string& quoted_name, int type_code, size_t size) {
  using model::CellKind;
  const bool is_cut = is_unbounded(dialect, type_code, size);
  if (is_binary(type_code)) return {CellKind::binary, is_cut ? cut(dialect, quoted_name, type_code) : quoted_name};
  if (type_code == sqlserver_xml) return {CellKind::xml, fmt::format("CAST({} AS nvarchar(max))", quoted_name)};
  if (type_code == sqlserver_variant) return {CellKind::text, fmt::format("CAST({} AS nvarchar(4000))", quoted_name)};
  return {CellKind::text, is_cut ? cut(dialect, quoted_name, type_code) : quoted_name};
}

bool can_sample(Dialect dialect) { return dialect != Dialect::standard; }

std::string select_statement(Dialect dialect, const DescribedTable& table, const std::string& from,
                             const RowChoice& choice) {
  std::string list;
  for (const ColumnPlan& plan : table.plans) list += (list.empty() ? "" : ", ") + plan.expression;
  const SampleText sample = choice.sample == RowChoice::Sample::none ? SampleText{} : sample_text(dialect, choice);
  const bool has_top = dialect == Dialect::sqlserver;
  std::string select = "SELECT ";
  if (has_top && choice.most_rows != 0) select += fmt::format("TOP ({}) ", choice.most_rows);
  select += list + " FROM " + from + sample.clause;
  std::string condition = choice.where.empty() ? "" : "(\n" + choice.where + "\n)";
  if (!sample.condition.empty()) condition += (condition.empty() ? "" : " AND ") + sample.condition;
  if (!condition.empty()) select += " WHERE " + condition;
  if (choice.most_rows == 0) return select;
  switch (dialect) {
    case Dialect::oracle:
    case Dialect::db2: return select + fmt::format(" FETCH FIRST {} ROWS ONLY", choice.most_rows);
    case Dialect::postgresql:
    case Dialect::mysql:
    case Dialect::sqlite:
    case Dialect::snowflake: return select + fmt::format(" LIMIT {}", choice.most_rows);
    case Dialect::sqlserver:
    case Dialect::standard: return select;
  }
  return select;
}

std::string read_only_statement(Dialect dialect) {
  switch (dialect) {
    case Dialect::postgresql: return "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY";
    case Dialect::mysql: return "SET SESSION TRANSACTION READ ONLY";
    case Dialect::sqlite: return "PRAGMA query_only = 1";
    case Dialect::sqlserver: return "SET NOCOUNT ON; SET LOCK_TIMEOUT 10000";
    default: return "";
  }
}

}  // namespace assay::connect::odbc
