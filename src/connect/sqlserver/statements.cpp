#include "connect/sqlserver/statements.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::connect::sqlserver {
namespace {

constexpr unsigned page_tables = 500;
constexpr uint16_t usual_port = 1433;
constexpr const char* byte_order = "COLLATE Latin1_General_100_BIN2";

// What a table and its indexes have on disk, for which no more is needed than that the table may be seen.
constexpr const char* bytes_of_object =
    "(SELECT SUM(a.total_pages) * CAST(8192 AS bigint) FROM sys.partitions p JOIN sys.allocation_units a "
    "ON a.container_id = CASE WHEN a.type = 2 THEN p.partition_id ELSE p.hobt_id END "
    "WHERE p.object_id = o.object_id)";

std::string is_object(const std::string& schema, const std::string& name) {
  return fmt::format("s.name = {} {} AND o.name = {} {} AND o.type IN ('U', 'V')", literal(schema), byte_order,
                     literal(name), byte_order);
}

}  // namespace

std::string literal(std::string_view text) {
  std::string out = "N'";
  for (const char c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + "'";
}

std::string list_statement(const std::string& schema, const std::string& name) {
  return fmt::format(
      "SELECT TOP ({0}) s.name, o.name, o.type, {1} FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id "
      "WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND (s.name {2} > {3} OR (s.name {2} = {3} AND o.name {2} > "
      "{4})) "
      "ORDER BY s.name {2}, o.name {2}",
      page_tables, bytes_of_object, byte_order, literal(schema), literal(name));
}

std::string table_statement(const std::string& schema, const std::string& name) {
  return fmt::format(
      "SELECT o.type, CAST((SELECT e.value FROM sys.extended_properties e WHERE e.class = 1 AND e.major_id = "
      "o.object_id AND "
      "e.minor_id = 0 AND e.name = N'MS_Description') AS nvarchar(4000)), (SELECT SUM(p.rows) FROM sys.partitions p "
      "WHERE "
      "p.object_id = o.object_id AND p.index_id IN (0, 1)), {} FROM sys.objects o JOIN sys.schemas s ON s.schema_id = "
      "o.schema_id WHERE {}",
      bytes_of_object, is_object(schema, name));
}

std::string columns_statement(const std::string& schema, const std::string& name) {
  return fmt::format(
      "SELECT c.name, TYPE_NAME(c.user_type_id), CAST(e.value AS nvarchar(4000)), (SELECT k.key_ordinal FROM "
      "sys.indexes i "
      "JOIN sys.index_columns k ON k.object_id = i.object_id AND k.index_id = i.index_id WHERE i.object_id = "
      "o.object_id AND "
      "i.is_primary_key = 1 AND k.column_id = c.column_id) FROM sys.objects o JOIN sys.schemas s ON "
      "s.schema_id = o.schema_id JOIN sys.columns c ON c.object_id = o.object_id LEFT JOIN sys.extended_properties e "
      "ON "
      "e.class = 1 AND e.major_id = o.object_id AND e.minor_id = c.column_id AND e.name = N'MS_Description' WHERE {} "
      "ORDER BY c.column_id",
      is_object(schema, name));
}

std::string best_driver(const std::vector<std::string>& installed) {
  std::string best;
  for (const std::string& name : installed)
    if (name.starts_with("ODBC Driver ") && name.ends_with(" for SQL Server") &&
        (name.size() > best.size() || (name.size() == best.size() && name > best)))
      best = name;
  if (!best.empty()) return best;
  return std::ranges::find(installed, "FreeTDS") == installed.end() ? "" : "FreeTDS";
}

odbc::Attributes attributes_of(const ServerUrl& url, const DriverOptions& options) {
  const uint16_t port = url.port == 0 ? usual_port : url.port;
  odbc::Attributes all{{"Driver", options.driver}};
  const auto word = [](bool yes) { return yes ? "yes" : "no"; };
  if (options.driver.starts_with("ODBC Driver ")) {
    all.emplace_back("Server", fmt::format("tcp:{},{}", url.host, port));
    all.emplace_back("Encrypt", word(options.encrypt));
    all.emplace_back("TrustServerCertificate", word(options.trust_certificate));
    all.emplace_back("ConnectRetryCount", "0");
  } else {
    all.emplace_back("Server", url.host);
    all.emplace_back("Port", fmt::format("{}", port));
    all.emplace_back("TDS_Version", "7.4");
    all.emplace_back("ClientCharset", "UTF-8");
    all.emplace_back("Encryption", options.encrypt ? "require" : "off");
  }
  all.emplace_back("ApplicationIntent", "ReadOnly");
  all.emplace_back("APP", "assay");
  if (!url.database.empty()) all.emplace_back("Database", url.database);
  if (!url.user.empty()) all.emplace_back("UID", url.user);
  else all.emplace_back("Trusted_Connection", "yes");
  return all;
}

}  // namespace assay::connect::sqlserver
