#include "classify/validators/symbols.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "classify/validators/checksums.h"

namespace assay::classify {
namespace {

TEST(Symbols, KeepsLettersAndDigitsOnly) {
  const Symbols s("de 89-3704.x");
  EXPECT_EQ(s.view(), "DE893704X");
  EXPECT_FALSE(s.overflow());
}

TEST(Symbols, KeepsSixtyFourAndSaysWhenThereWereMore) {
  EXPECT_FALSE(Symbols(std::string(64, '7') + " - ").overflow());
  const Symbols s(std::string(63, '7') + "-89");
  EXPECT_TRUE(s.overflow());
  EXPECT_EQ(s.view(), std::string(63, '7') + "8");
}

TEST(Symbols, ReadsEightDigitsAtOnce) {
  std::mt19937 random(29);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = 0; i < 12; ++i) text += "0123456789AZ"[random() % (round % 2 == 0 ? 10 : 12)];
    const Symbols s(text);
    for (size_t i = 0; i + 8 <= text.size(); ++i) {
      const bool digits = text.find_first_not_of("0123456789", i) >= i + 8;
      EXPECT_EQ(s.eight_are_digits(i), digits);
      EXPECT_EQ(s.digits_in(i, i + 8), digits);
      if (digits) EXPECT_EQ(s.eight_digits(i), s.number(i, i + 8));
    }
  }
}

// One symbol at a time, as ISO 7064 says it.
int rest_by_hand(const std::string& text) {
  int rest = 0;
  for (const char c : text) rest = c <= '9' ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  return rest;
}

TEST(Mod97, IsThatOfOneSymbolAtATime) {
  std::mt19937 random(37);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t n = random() % 35; n > 0; --n) text += "0123456789AZ"[random() % (round % 2 == 0 ? 10 : 12)];
    EXPECT_EQ(mod97(Symbols(text), 0, text.size()), rest_by_hand(text));
  }
}

}  // namespace
}  // namespace assay::classify
