#include "classify/case_fold.h"

#include <gtest/gtest.h>

#include <set>

namespace assay::classify {
namespace {

TEST(CaseFold, FoldsLettersOfAllAlphabetsThatHaveCapitals) {
  EXPECT_EQ(fold_case("ÜBERWEISUNG Straße"), "überweisung straße");
  EXPECT_EQ(fold_case("ПАСПОРТ Ѓ Ґ Ђ"), "паспорт ѓ ґ ђ");
  EXPECT_EQ(fold_case("ΑΡΙΘΜΌΣ κωδικός"), "αριθμόσ κωδικόσ") << "the last sigma of a word folds like any other";
  EXPECT_EQ(fold_case("ČÍSLO ŁÓDŹ ŐSZ ŞİFRE ĐỊA CHỈ"), "číslo łódź ősz şİfre địa chỉ");
  EXPECT_EQ(fold_case("ՀԱՅ Ａ 𐐀"), "հայ ａ 𐐨");
  EXPECT_EQ(fold_case("身份证 번호 ไทย ×÷"), "身份证 번호 ไทย ×÷");
}

TEST(CaseFold, WhatWouldChangeItsLengthStays) {
  for (const char* text : {"\u1E9E", "\u017F", "\u212A", "\u2126", "\u212B"}) EXPECT_EQ(fold_case(text), text);
}

TEST(CaseFold, BytesThatAreNoTextStay) {
  const std::string bytes = "\xC3 \xD0 \xFF\x80 \xE1\xBA";
  EXPECT_EQ(fold_case(bytes), bytes);
  EXPECT_EQ(character_size("\xC3", 0), 1U);
  EXPECT_EQ(character_size("\xE1\xBA", 0), 1U);
  EXPECT_EQ(character_size("\xC3x", 0), 1U);
  EXPECT_EQ(character_size("xü", 1), 2U);
}

TEST(CaseFold, VariantsAreAllThatFoldToTheSame) {
  const auto set_of = [](std::string_view character) {
    const auto variants = case_variants(character);
    return std::set<std::string>(variants.begin(), variants.end());
  };
  EXPECT_EQ(set_of("ü"), (std::set<std::string>{"ü", "Ü"}));
  EXPECT_EQ(set_of("Ü"), (std::set<std::string>{"ü", "Ü"}));
  EXPECT_EQ(set_of("Σ"), (std::set<std::string>{"σ", "Σ", "ς"}));
  EXPECT_EQ(set_of("х"), (std::set<std::string>{"х", "Х"}));
  EXPECT_EQ(set_of("Ị"), (std::set<std::string>{"ị", "Ị"}));
  EXPECT_EQ(set_of("ß"), (std::set<std::string>{"ß"}));
  EXPECT_EQ(set_of("身"), (std::set<std::string>{"身"}));
  EXPECT_EQ(set_of("a"), (std::set<std::string>{"a"}));
  for (const std::string& variant : case_variants("Σ")) EXPECT_TRUE(folds_to(variant, "σ"));
  EXPECT_FALSE(folds_to("τ", "σ"));
}

}  // namespace
}  // namespace assay::classify
