#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

namespace assay::scan {

/// Which findings in a database's table are listed one by one. A table may hold millions, and what they amount to is
/// told by its columns' verdicts; those that are listed show where, and the rest is counted.
class ListedCells {
 public:
  static constexpr uint64_t most_of_column = 1'000;
  /// Of the table: as many as a job keeps of an object.
  static constexpr uint64_t most = 10'000;
  /// So many of each column have a place that others do not take.
  static constexpr uint64_t sure_of_column = 10, sure = 1'000;

  /// `parts`: each part of a table has its part of the places.
  void begin_table(uint32_t parts = 1) {
    *this = {};
    if (parts <= 1) return;
    most_of_column_ = std::max<uint64_t>(10, most_of_column / parts);
    most_ = most / parts;
    sure_of_column_ = 1;
    sure_ = most_ / 10;
  }
  bool takes(uint32_t column) {
    uint64_t& of_column = of_columns_[column];
    const uint64_t room = of_column < sure_of_column_ ? most_ : most_ - sure_;
    if (of_column == most_of_column_ || listed_ >= room) {
      ++unlisted_;
      return false;
    }
    ++of_column;
    ++listed_;
    return true;
  }
  uint64_t unlisted() const { return unlisted_; }

 private:
  std::map<uint32_t, uint64_t> of_columns_;
  uint64_t listed_ = 0, unlisted_ = 0;
  uint64_t most_of_column_ = most_of_column, most_ = most, sure_of_column_ = sure_of_column, sure_ = sure;
};

}  // namespace assay::scan
