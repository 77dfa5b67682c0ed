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

/// 1 where the session's user may see what others run; servers before 2022 do not know the second privilege.
inline constexpr std::string_view sees_load_statement =
    "SELECT CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 OR "
    "HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1 THEN 1 ELSE 0 END";

/// How many statements run, besides those of Assay.
inline constexpr std::string_view running_statement =
    "SELECT COUNT(*) FROM sys.dm_exec_requests r JOIN sys.dm_exec_sessions s ON s.session_id = r.session_id "
    "WHERE s.is_user_process = 1 AND r.session_id <> @@SPID AND r.status <> 'background' "
    "AND (s.program_name IS NULL OR s.program_name <> APP_NAME() OR s.original_login_name <> ORIGINAL_LOGIN())";

/// Seconds that the slowest replica of the session's database is behind: all of them, asked of the primary.
inline constexpr std::string_view lag_statement =
    "SELECT COALESCE(MAX(secondary_lag_seconds), 0) FROM sys.dm_hadr_database_replica_states "
    "WHERE database_id = DB_ID()";

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
