#pragma once

#include <string>
#include <string_view>

#include "connect/tables/table_database.h"

namespace assay::connect::odbc {

/// What is known of a server's SQL beyond the standard.
enum class Dialect : uint8_t { standard, postgresql, mysql, sqlite, sqlserver, oracle, db2, snowflake };

/// By SQL_DBMS_NAME.
Dialect dialect_of(std::string_view dbms_name);

/// A name in the quotes that the driver names (SQL_IDENTIFIER_QUOTE_CHAR); brackets for SQL Server. Throws
/// sql::Error(bad_input) for a name that cannot be one: also where a driver has no quotes and the name needs some.
std::string quoted(Dialect dialect, std::string_view quote, std::string_view name);

/// How a column is read, by its SQL type code and its length in characters or bytes, as drivers describe them. Long
/// values are cut by the server where the dialect can.
ColumnPlan plan_of(Dialect dialect, const std::string& quoted_name, int type_code, size_t size);

/// Whether the server chooses the sample; else who reads has to.
bool can_sample(Dialect dialect);

/// `from`: the table, quoted and qualified.
std::string select_statement(Dialect dialect, const DescribedTable& table, const std::string& from,
                             const RowChoice& choice);

/// What is said to a session at its beginning, so that it only reads and waits for no lock; "" nothing.
std::string read_only_statement(Dialect dialect);

}  // namespace assay::connect::odbc
