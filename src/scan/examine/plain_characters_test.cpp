#include "scan/examine/plain_characters.h"

#include <gtest/gtest.h>

#include <array>

namespace assay::scan {
namespace {

TEST(PlainCharacters, WritesThemAsAKeyboardDoes) {
  PlainCharacters characters;
  std::span<const extract::LeftOut> none;
  EXPECT_EQ(characters.text("4539\u00A01488\u202F0343\u20096467", none), "4539 1488 0343 6467");
  EXPECT_EQ(characters.text("536\u201122\u20108741 \u00FC\u2013\u00AD", none), "536-22-8741 \u00FC\u2013\u00AD");
  EXPECT_EQ(characters.text("\uFF01\uFF10\uFF19\uFF1A\uFF20\uFF3F\uFF40\uFF5A\uFF5E", none), "!09:@_`z~");
  EXPECT_EQ(characters.text("\u53F7\u3000\uFF14\uFF11\u3001\u3002", none), "\u53F7 41,.");
  for (const std::string text : {"\uFF5F\uFEFF\u3003\uFF00", "\xEF\xBC", "plain", "\u00FC\u20AC \xC2", "\xE2\x80", ""})
    EXPECT_EQ(characters.text(text, none).data(), text.data());
}

TEST(PlainCharacters, PlacesOfWhatIsLeftOutMoveWithTheText) {
  PlainCharacters characters;
  const std::array<extract::LeftOut, 3> places{{{3, 5}, {7, 1}, {10, 2}}};
  std::span<const extract::LeftOut> left_out = places;
  EXPECT_EQ(characters.text("a\u00A0b\u2011c\u00A0d", left_out), "a b-c d");
  ASSERT_EQ(left_out.size(), 3U);
  EXPECT_EQ(left_out[0].at, 2U);
  EXPECT_EQ(left_out[1].at, 4U);
  EXPECT_EQ(left_out[2].at, 6U);
  EXPECT_EQ(left_out[0].code_points, 5U);
}

TEST(PlainCharacters, CellsWithoutAnyStayWhereTheyLie) {
  PlainCharacters characters;
  const std::array<std::string_view, 3> cells{"a", "1\u00A02", {}}, plain{"a", "\u00FC", ""};
  EXPECT_EQ(characters.cells(plain).data(), plain.data());
  const auto rewritten = characters.cells(cells);
  EXPECT_EQ(rewritten[0].data(), cells[0].data());
  EXPECT_EQ(rewritten[1], "1 2");
  EXPECT_EQ(rewritten[2].data(), nullptr);
}

}  // namespace
}  // namespace assay::scan
