#include "profile/value_shape.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace assay::profile {
namespace {

std::string shape_of(std::string_view value) { return std::string(ValueShape(value).text()); }

TEST(ValueShape, ShowsKindsOfCharacters) {
  EXPECT_EQ(shape_of(""), "");
  EXPECT_EQ(shape_of("Ab1"), "Aa9");
  EXPECT_EQ(shape_of("SW1A 1AA"), "AA9A 9AA");
  EXPECT_EQ(shape_of("29.02.2024"), "99.99.9999");
  EXPECT_EQ(shape_of("somebody@example.org"), "a+@a+.aaa");
  EXPECT_EQ(shape_of("M\xC3\xBCller"), "Aa+");
  EXPECT_EQ(shape_of("\xE6\x9D\xB1\xE4\xBA\xAC"), "aa");
  EXPECT_EQ(shape_of("a\tb\nc"), "a a a");
}

TEST(ValueShape, LongRunsAreShort) {
  EXPECT_EQ(shape_of("1234"), "9999");
  EXPECT_EQ(shape_of("12345"), "9+");
  EXPECT_EQ(shape_of("1234567890"), "9+");
  EXPECT_EQ(shape_of("------"), "-+");
  EXPECT_EQ(shape_of("AAAAAaaaaa99999"), "A+a+9+");
}

TEST(ValueShape, IsBounded) {
  std::string value;
  for (int i = 0; i < 100; ++i) value += "a1";
  EXPECT_EQ(shape_of(value), "a9a9a9a9a9a9a9a9a9a9a9a9a9a9a...");
  EXPECT_EQ(shape_of(std::string(1 << 20, 'x')), "a+");
  std::mt19937 random(8);
  for (int i = 0; i < 100'000; ++i) {
    std::string any(random() % 80, '\0');
    for (char& c : any) c = static_cast<char>(random() % 5 == 0 ? random() : 'a' + random() % 3);
    const std::string shape = shape_of(any);
    ASSERT_LE(shape.size(), ValueShape::max_bytes);
    ASSERT_EQ(shape.find_first_of("bcdefgBCDEFG012345678"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::profile
