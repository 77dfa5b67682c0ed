#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connect/postgresql/session.h"
#include "model/row_stream.h"
#include "model/table.h"

/// What PostgreSQL's catalogs say of its tables (manual, chapter 53).
namespace assay::connect::postgresql {

struct ListedTable {
  std::string schema, name;
  char kind = 'r';  ///< pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign table
  uint64_t bytes = 0;
  /// Another one after every committed change of the rows, of the table's storage, and after every start of the server,
  /// whose counters may be lost with a crash. "" when the server counts nothing.
  std::string change_id;
};

/// Tables of users behind (`schema`, `name`) in the order of their bytes, a page of them; partitions belong to their
/// table and are not listed.
std::vector<ListedTable> list_tables(Session& session, const std::string& schema, const std::string& name);

/// What a column's values are written as, and read by.
struct ColumnPlan {
  model::CellKind kind = model::CellKind::text;
  std::string expression;  ///< of a SELECT list; values beyond max_cell_bytes are cut there
};

struct DescribedTable {
  model::TableDescription description;  ///< kind as in pg_class.relkind, in words
  std::vector<ColumnPlan> plans;        ///< parallel to its columns
};

/// Throws sql::Error(not_found) when there is no such table.
DescribedTable describe_table(Session& session, const std::string& schema, const std::string& name);

/// "PostgreSQL 15.3".
std::string server_version(Session& session);

}  // namespace assay::connect::postgresql
