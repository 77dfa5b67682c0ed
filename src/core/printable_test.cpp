#include "core/printable.h"

#include <gtest/gtest.h>

namespace assay::core {
namespace {

TEST(Printable, WhatIsPlainStaysAndWhatIsNotIsWrittenOut) {
  EXPECT_EQ(printable("", 10), "");
  EXPECT_EQ(printable("plain ~ text", 100), "plain ~ text");
  EXPECT_EQ(printable("a\tb\x7f\x1b[m", 100), "a\\x09b\\x7f\\x1b[m");
  EXPECT_EQ(printable("Zo\u00eb \u202e\xff!", 100), "Zo\u00eb \\xe2\\x80\\xae\\xff!");
}

TEST(Printable, WhatIsTooLongIsCutWithDots) {
  EXPECT_EQ(printable("abcd", 4), "abcd");
  EXPECT_EQ(printable("abcdef", 4), "a...");
  EXPECT_EQ(printable("abc\tdef", 7), "abc...");
  EXPECT_EQ(printable("abc\tdef", 9), "abc...");
  EXPECT_EQ(printable("abc\tdef", 10), "abc\\x09def");
  EXPECT_EQ(printable("a\u00eb\u00ebbcd", 7), "a\u00eb...");
  EXPECT_EQ(printable("abcdef", std::string_view::npos), "abcdef");
}

TEST(Printable, WhatIsPrintableStaysAsItIs) {
  const std::string bytes = "ab\t\u00eb\xff\u202e\\x09...\x1b";
  for (size_t max_bytes = 3; max_bytes != 60; ++max_bytes) {
    const std::string once = printable(bytes, max_bytes);
    EXPECT_LE(once.size(), max_bytes);
    EXPECT_EQ(printable(once, max_bytes), once) << max_bytes;
  }
}

}  // namespace
}  // namespace assay::core
