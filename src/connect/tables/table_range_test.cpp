#include "connect/tables/table_range.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::connect {
namespace {

std::string words_of(const std::vector<TableRange>& ranges) {
  std::string words;
  for (const TableRange& range : ranges) words += (words.empty() ? "" : " ") + range.in_words();
  return words;
}

TEST(TableRange, RangesTogetherAreAll) {
  EXPECT_EQ(words_of(even_ranges(0, 99, 4)), "..25 25..50 50..75 75..");
  EXPECT_EQ(words_of(even_ranges(-10, 9, 3)), "..-4 -4..3 3..");
  EXPECT_EQ(words_of(even_ranges(7, 7, 1)), "..");
  EXPECT_EQ(words_of(even_ranges(1, 3, 4)), "");
  EXPECT_EQ(words_of(even_ranges(0, 5, 0)), "");
  const auto widest = even_ranges(*whole_number("-9223372036854775808"), *whole_number("18446744073709551615"), 2);
  EXPECT_EQ(words_of(widest), "..4611686018427387904 4611686018427387904..");
}

TEST(TableRange, WhatIsWrittenIsRead) {
  for (const auto& range : even_ranges(-5, 1'000'000, 7)) {
    const TableRange same = TableRange::parse(range.in_words());
    EXPECT_EQ(same.from, range.from);
    EXPECT_EQ(same.to, range.to);
  }
  for (const char* wrong : {"", "1", "1..x", "1; DROP TABLE t..", "1.. 2", "--1..", "1..111111111111111111111"})
    EXPECT_THROW(TableRange::parse(wrong), core::Error) << wrong;
}

TEST(TableRange, ConditionsLeaveOutWhatIsOpen) {
  const auto quoted = [](const std::string& number) { return "'" + number + "'"; };
  EXPECT_EQ(TableRange::parse("3..9").condition("k", quoted), "k >= '3' AND k < '9'");
  EXPECT_EQ(TableRange::parse("..9").condition("k", quoted), "k < '9'");
  EXPECT_EQ(TableRange::parse("3..").condition("k", quoted), "k >= '3'");
  EXPECT_EQ(TableRange::parse("..").condition("k", quoted), "");
}

}  // namespace
}  // namespace assay::connect
