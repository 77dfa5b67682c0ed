#pragma once

#include <cstddef>
#include <string_view>

namespace assay::extract {

/// Number of bytes before the first one with the high bit set.
size_t ascii_prefix(std::string_view bytes) noexcept;

/// Length of the longest prefix that is well-formed UTF-8 (Unicode 15, table 3-7). A sequence that the end cuts is
/// not part of it.
size_t valid_utf8_prefix(std::string_view bytes) noexcept;

/// For bytes that start with no well-formed sequence: the length of the maximal subpart that one U+FFFD replaces
/// (Unicode 15, 3.9), and whether more bytes could still complete it.
struct BrokenSequence {
  size_t bytes = 1;
  bool may_continue = false;
};
BrokenSequence broken_utf8_sequence(std::string_view bytes) noexcept;

}  // namespace assay::extract
