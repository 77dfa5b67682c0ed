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
  EXPECT_EQ(printable("abcdef", 4), "abcde...");
  EXPECT_EQ(printable("abc\tdef", 4), "abc\\x09...");
  EXPECT_EQ(printable("a\u00eb\u00ebbcd", 4), "a\u00eb\u00eb...");
  EXPECT_EQ(printable("abcdef", std::string_view::npos), "abcdef");
}

}  // namespace
}  // namespace assay::core
