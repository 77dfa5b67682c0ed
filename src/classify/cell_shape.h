#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::classify {

/// What a cell looks like: its bytes, with '0' for each digit. The values of a column mostly share a few shapes.
class CellShape {
 public:
  static constexpr size_t max_bytes = 64;

  /// False when the cell is longer than max_bytes or beyond ASCII: it has no shape then. Up to seven bytes behind the
  /// cell are read.
  bool read(std::string_view cell);

  std::string_view text() const { return {reinterpret_cast<const char*>(words_.data()), bytes_}; }
  uint64_t hash() const;
  bool operator==(const CellShape& other) const {
    if (bytes_ != other.bytes_) return false;
    for (size_t i = 0; i < (bytes_ + 7) / 8; ++i)
      if (words_[i] != other.words_[i]) return false;
    return true;
  }

 private:
  std::array<uint64_t, max_bytes / 8> words_;  // zeros behind, as far as the last word with a byte
  size_t bytes_ = 0;
};

}  // namespace assay::classify
