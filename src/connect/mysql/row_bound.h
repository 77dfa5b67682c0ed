#pragma once

#include <string>
#include <string_view>

#include "connect/tables/table_database.h"

/// A row of MySQL's protocol comes whole (manual of MariaDB, "Result Set Packets"), so what bounds the memory of
/// reading is its length, which the server has to be told.
namespace assay::connect::mysql {

/// Stands in ColumnPlan::expression for the most bytes that a cell of the row may have. No name or text of a statement
/// has this byte.
inline constexpr char most_bytes_here = '\0';

/// Of the rows of a table.
struct RowBound {
  std::string expression;  ///< for each row anew, the most bytes of a cell; "" it is always `most_bytes`
  uint64_t most_bytes = 0;
};

/// Columns with a length are long ones. What a cell may have, unless all of them together are too much for a row: then
/// each gets the same part.
RowBound bound_of_rows(const DescribedTable& table);

/// The columns that are read, for a SELECT; first of all the bound where it is another one for each row.
std::string select_list(const DescribedTable& table);

}  // namespace assay::connect::mysql
