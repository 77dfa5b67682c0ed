#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connect/postgresql/large_objects.h"
#include "connect/postgresql/session.h"
#include "connect/tables/table_database.h"

/// What PostgreSQL's catalogs say of its tables (manual, chapter 53).
namespace assay::connect::postgresql {

/// What the expressions of columns with a length call the most bytes that a cell of their row may have.
inline constexpr std::string_view most_bytes_of_row = R"("assay's row"."most bytes")";

/// Tables of users behind (`schema`, `name`) in the order of their bytes, a page of them; partitions belong to their
/// table and are not listed. The change id is another one after every committed change of the rows, of the table's
/// storage, of large objects where they are read with it, and after every start of the server, whose counters may be
/// lost with a crash; "" when the server counts nothing.
std::vector<ListedTable> list_tables(Session& session, const std::string& schema, const std::string& name,
                                     LargeObjects large_objects);

/// Throws sql::Error(not_found) when there is no such table.
DescribedTable describe_table(Session& session, const std::string& schema, const std::string& name,
                              LargeObjects large_objects);

/// Blocks of the largest table among this one and its partitions and descendants, when all of them lie in such and the
/// server finds stretches of them at once (tid ranges: since 14); 0 when not.
uint64_t blocks_of_table(Session& session, const model::TableDescription& table);

/// What the server bears, of what has a bound. Throws sql::Error(denied) where the user may not see it.
ServerLoad server_load(Session& session, const LoadBounds& bounds);

/// "PostgreSQL 15.3".
std::string server_version(Session& session);

}  // namespace assay::connect::postgresql
