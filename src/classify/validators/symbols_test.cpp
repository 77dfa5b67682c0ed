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

TEST(Symbols, KeepsRunsOfDigitsBetweenAnything) {
  std::mt19937 random(31);
  for (int round = 0; round < 20'000; ++round) {
    std::string text, kept;
    for (size_t n = random() % 90; n > 0; --n)
      text += random() % 8 == 0 ? static_cast<char>(random() % 256) : static_cast<char>('0' + random() % 10);
    for (const char c : text) {
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) kept += c;
      else if (c >= 'a' && c <= 'z') kept += static_cast<char>(c - 'a' + 'A');
    }
    const Symbols s(text);
    EXPECT_EQ(s.overflow(), kept.size() > 64);
    EXPECT_EQ(s.view(), kept.substr(0, 64));
  }
}

bool luhn_by_hand(const std::string& digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int d = digits[digits.size() - 1 - i] - '0';
    sum += i % 2 == 0 ? d : 2 * d / 10 + 2 * d % 10;
  }
  return sum % 10 == 0;
}

TEST(Luhn, IsThatOfOneDigitAtATime) {
  std::mt19937 random(41);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t n = random() % 26; n > 0; --n) text += static_cast<char>('0' + random() % 10);
    const size_t begin = random() % (text.size() + 1);
    EXPECT_EQ(luhn(Symbols(text), begin, text.size()), luhn_by_hand(text.substr(begin)));
  }
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
