#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// How the text of a cell becomes a number, the same for Rows and for every driver's RowView.
namespace assay::sql {

/// `column` is named in the sql::Error(bug) that each throws for a text that is no such thing.
int64_t cell_integer(std::string_view text, size_t column);
/// Decimal and scientific notation, and what databases print for infinity and NaN.
double cell_real(std::string_view text, size_t column);
/// `t`, `true`, `1` (PostgreSQL, SQLite) and their opposites.
bool cell_boolean(std::string_view text, size_t column);

[[noreturn]] void throw_null_cell(size_t column);
[[noreturn]] void throw_no_such_cell(size_t row, size_t column);

}  // namespace assay::sql
