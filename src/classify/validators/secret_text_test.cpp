#include "classify/validators/secret_text.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::classify {
namespace {

TEST(SecretText, CountsClasses) {
  const auto counts = count_characters("aBc-12 \xc3\xa9Z");
  EXPECT_EQ(counts.lower, 2U);
  EXPECT_EQ(counts.upper, 2U);
  EXPECT_EQ(counts.letters(), 4U);
  EXPECT_EQ(counts.digits, 2U);
  EXPECT_EQ(counts.other, 4U);
}

TEST(SecretText, EntropyIsShannons) {
  EXPECT_EQ(entropy_bits(""), 0);
  EXPECT_DOUBLE_EQ(entropy_bits("aaaaaaaa"), 0);
  EXPECT_DOUBLE_EQ(entropy_bits("abababab"), 1);
  EXPECT_DOUBLE_EQ(entropy_bits("aabbccdd"), 2);
  EXPECT_NEAR(entropy_bits("aab"), 0.918295834, 1e-9);  // H(1/3)
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_DOUBLE_EQ(entropy_bits(all), 8);
  EXPECT_DOUBLE_EQ(entropy_bits(all + std::string(1000, 'a')), 8) << "only the first 256 bytes count";
}

TEST(SecretText, RunsAndLadders) {
  EXPECT_EQ(longest_repeat(""), 0U);
  EXPECT_EQ(longest_repeat("abc"), 1U);
  EXPECT_EQ(longest_repeat("abbbcc"), 3U);
  EXPECT_EQ(longest_ladder(""), 0U);
  EXPECT_EQ(longest_ladder("zz"), 1U);
  EXPECT_EQ(longest_ladder("xabCDe9"), 5U);
  EXPECT_EQ(longest_ladder("97654"), 4U);
  EXPECT_EQ(longest_ladder("1232"), 3U) << "a ladder does not turn";
}

TEST(SecretText, ComparesWithoutCase) {
  EXPECT_TRUE(contains_folded("My EXAMPLE key", "example"));
  EXPECT_TRUE(contains_folded("anything", ""));
  EXPECT_FALSE(contains_folded("exampl", "example"));
  EXPECT_TRUE(equals_folded("ChangeMe", "changeme"));
  EXPECT_FALSE(equals_folded("ChangeMe1", "changeme"));
}

TEST(SecretText, KnowsHexadecimalByItsOneCase) {
  EXPECT_TRUE(is_mixed_hex("0123abcd"));
  EXPECT_TRUE(is_mixed_hex("0123ABCD"));
  for (const auto* text : {"", "01234567", "abcdef", "0123abCD", "0123abcg", "01-ab"})
    EXPECT_FALSE(is_mixed_hex(text)) << text;
}

TEST(SecretText, KnowsDigitsInPlacesOfLetters) {
  for (const auto* text : {"Wh33t.ear", "P4ssage"}) EXPECT_TRUE(has_swapped_digit(text)) << text;
  for (const auto* text : {"wh33t.ear", "Wheat2024", "Wheat123ear4", "V1", "2Fast"})
    EXPECT_FALSE(has_swapped_digit(text)) << text;
}

}  // namespace
}  // namespace assay::classify
