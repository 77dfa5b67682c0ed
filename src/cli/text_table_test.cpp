#include "cli/text_table.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::cli {
namespace {

TEST(TextTable, AlignsColumns) {
  TextTable table({"NAME", ">COUNT", "WHERE"});
  table.add({"a", "1,000", "x"});
  table.add({"größer", "7", ""});
  EXPECT_EQ(table.text(),
            "NAME    COUNT  WHERE\n"
            "a       1,000  x\n"
            "größer      7  -\n");
  EXPECT_EQ(table.size(), 2U);
}

TEST(TextTable, LetsNoEscapeSequencesThroughAndNoCrookedRows) {
  TextTable table({"NAME"});
  table.add({"\x1b[31mred"});
  EXPECT_EQ(table.text().find('\x1b'), std::string::npos);
  EXPECT_THROW(table.add({"a", "b"}), core::Error);
}

TEST(TextTable, WritesTimesInUtc) {
  EXPECT_EQ(time_text(0), "-");
  EXPECT_EQ(time_text(1'772'357'400'999), "2026-03-01 09:30:00");
}

}  // namespace
}  // namespace assay::cli
