#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::connect {

/// A stretch of a table: of its blocks, or of the values of its key, whatever its server finds without looking at the
/// rest. Written "FROM..TO", where either end may be missing.
struct TableRange {
  std::string from, to;  ///< whole numbers in decimal; "" is the table's end. `to` is not in it
  std::string in_words() const { return from + ".." + to; }

  /// Throws core::Error(bad_input) for what in_words() never gave.
  static TableRange parse(std::string_view words);
  /// The condition that rows of it meet, for a column whose values `literal` writes.
  template <typename Literal>
  std::string condition(std::string_view column, const Literal& literal) const {
    std::string condition;
    if (!from.empty()) condition = std::string(column) + " >= " + literal(from);
    if (to.empty()) return condition;
    return condition + (condition.empty() ? "" : " AND ") + std::string(column) + " < " + literal(to);
  }
};

/// `count` stretches of about the same length, which together are all from the least to the greatest number and what is
/// outside. None when there are fewer numbers than stretches.
std::vector<TableRange> even_ranges(__int128 least, __int128 greatest, size_t count);

/// `text` as a whole number, of at most 64 bits with a sign or without.
std::optional<__int128> whole_number(std::string_view text);

}  // namespace assay::connect
