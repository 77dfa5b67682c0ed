#pragma once

#include <cstdint>
#include <string_view>

namespace assay::model {

/// What a cell that is given as a view means, where there is no text in it:
///
/// - data() is null: the row has no value there, as its source says (NULL of a database, a gap in a sheet);
/// - value_elsewhere: it has one, which is too large for a row or binary, and is given another way;
/// - else a text of no length.
inline constexpr char value_elsewhere_mark = '\0';
inline constexpr std::string_view value_elsewhere = std::string_view(&value_elsewhere_mark, 1).substr(0, 0);

/// Columns that a table gets while it is read, for values inside its cells, are counted from here: beyond all it can
/// have of its own.
inline constexpr uint32_t first_inner_column = 16'384;

inline bool is_null(std::string_view cell) { return cell.data() == nullptr; }
inline bool is_elsewhere(std::string_view cell) { return cell.data() == value_elsewhere.data(); }

}  // namespace assay::model
