#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace assay::extract {

/// The shape of a delimited table as its first lines show it.
struct TableShape {
  char delimiter = ',';
  size_t columns = 0;       ///< cells in most rows
  size_t rows = 0;          ///< complete rows looked at
  size_t regular_rows = 0;  ///< rows with exactly `columns` cells
};

/// Finds the delimiter (comma, semicolon, tab or pipe) that splits nearly all rows of `head` into the same number of
/// cells, quotes respected (RFC 4180). `whole`: head is all there is, so its last line counts. `hinted`: a file name
/// says it is a table, which lowers the demands. nullopt when the text is not tabular.
std::optional<TableShape> guess_table_shape(std::string_view head, bool whole, bool hinted);

}  // namespace assay::extract
