#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connect/odbc/attributes.h"
#include "connect/tables/server_url.h"

/// What SQL Server is asked, in Transact-SQL, and how its drivers are told to connect. Texts only.
namespace assay::connect::sqlserver {

/// N'...', inner quotes doubled.
std::string literal(std::string_view text);

/// Schema, name, type ('U' or 'V') and bytes of tables and views of users behind (`schema`, `name`), in the order of
/// their code units, a page of them.
std::string list_statement(const std::string& schema, const std::string& name);

/// Type, comment, estimated rows and bytes of one table; no row when it is not there or may not be seen.
std::string table_statement(const std::string& schema, const std::string& name);

/// Name, type as it is declared, comment, place in the primary key and whether it takes NULL of each column.
std::string columns_statement(const std::string& schema, const std::string& name);

/// 1 where the database of the session allows snapshots.
inline constexpr std::string_view snapshot_statement =
    "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()";

struct DriverOptions {
  std::string driver;
  bool encrypt = true;
  bool trust_certificate = false;
};

/// The best of the drivers that are installed: Microsoft's newest, else FreeTDS; "" when there is none.
std::string best_driver(const std::vector<std::string>& installed);

/// All attributes of a connection but the password.
odbc::Attributes attributes_of(const ServerUrl& url, const DriverOptions& options);

}  // namespace assay::connect::sqlserver
