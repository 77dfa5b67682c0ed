#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connect/mysql/client.h"
#include "connect/tables/table_database.h"

/// What information_schema says of tables (manual of MariaDB, "Information Schema Tables").
namespace assay::connect::mysql {

/// In backticks, inner ones doubled. Throws sql::Error(bad_input) for a name that cannot be one.
std::string quoted(std::string_view name);

/// Tables of users behind (`schema`, `name`), a page of them. With a `database`, only its own, whose schema is "". The
/// change id is the time of the last committed change where the engine keeps it and it is not too fresh to tell changes
/// apart; "" else.
std::vector<ListedTable> list_tables(Client& client, const std::string& database, const std::string& schema,
                                     const std::string& name);

/// Throws sql::Error(not_found) when there is no such table, or none that may be seen.
DescribedTable describe_table(Client& client, const std::string& schema, const std::string& name);

}  // namespace assay::connect::mysql
