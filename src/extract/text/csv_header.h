#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay::extract {

using CsvRow = std::vector<std::string>;

/// The index of the row that names the columns: textual, unique, of `columns` cells, and unlike the rows below it.
/// nullopt when the rows are all data.
std::optional<size_t> find_header(std::span<const CsvRow> rows, size_t columns);

}  // namespace assay::extract
