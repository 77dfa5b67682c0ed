#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "extract/input.h"

namespace assay::extract {

/// The strings that the cells of a workbook share, by number. Up to 32 MiB stay in memory, more go to scratch;
/// strings past 4 million, or past scratch, are forgotten. Create before, and destroy after, any member is spooled.
class SharedStrings {
 public:
  explicit SharedStrings(Scratch& scratch) : scratch_(scratch) {}
  ~SharedStrings();
  SharedStrings(const SharedStrings&) = delete;
  SharedStrings& operator=(const SharedStrings&) = delete;

  /// False when there is no more room.
  bool add(std::string_view text);
  /// The string, valid until the next call; empty when there is none of this number.
  std::string_view get(uint64_t index);
  size_t count() const { return ends_.size(); }

 private:
  bool spill();

  Scratch& scratch_;
  std::string memory_;
  std::string unwritten_;
  std::string found_;
  std::deque<uint32_t> ends_;  // of each string, in all strings one after the other
  uint64_t scratch_begin_ = 0;
  uint64_t written_ = 0;
  bool in_scratch_ = false;
  bool full_ = false;
};

}  // namespace assay::extract
