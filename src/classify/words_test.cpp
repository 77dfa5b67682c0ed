#include "classify/words.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace assay::classify {
namespace {

using Found = std::vector<std::string>;

// What is found, as "phrase:begin-end".
Found find(const WordDictionary& words, std::string_view text) {
  std::vector<WordHit> hits;
  words.find(text, 0, hits);
  EXPECT_TRUE(std::ranges::is_sorted(hits, {}, &WordHit::end));
  Found found;
  for (const auto& hit : hits)
    found.push_back(words.text(hit.phrase) + ":" + std::to_string(hit.begin) + "-" + std::to_string(hit.end));
  return found;
}

TEST(Words, PhrasesAreFoundInEveryNamingStyle) {
  WordDictionary words;
  words.add("social security");
  for (const char* text : {"social security", "SocialSecurity", "socialSecurity", "SOCIAL_SECURITY", "social-security"})
    EXPECT_EQ(find(words, text).size(), 1U) << text;
  EXPECT_EQ(find(words, "my social security no"), (Found{"social security:3-18"}));
  EXPECT_EQ(find(words, "social insecurity"), Found{});
  EXPECT_EQ(find(words, "social net security"), Found{});
}

TEST(Words, WordsEndAtDigitsAndAtCapitals) {
  WordDictionary words;
  words.add("ssn");
  words.add("server");
  EXPECT_EQ(find(words, "ssn1 SSN-2 xssn"), (Found{"ssn:0-3", "ssn:5-8"}));
  EXPECT_EQ(find(words, "HTTPServer"), (Found{"server:4-10"}));
}

TEST(Words, PluralsCount) {
  WordDictionary words;
  words.add("passport");
  EXPECT_EQ(find(words, "Passports"), (Found{"passport:0-9"}));
}

TEST(Words, CapitalsOfOtherAlphabetsAreFolded) {
  WordDictionary words;
  words.add("näm");
  words.add("инн");
  words.add("αφμ");
  EXPECT_EQ(find(words, "NÄM ИНН ΑΦΜ").size(), 3U);
}

TEST(Words, ScriptsWithoutSpacesAreFoundInsideRuns) {
  WordDictionary words;
  words.add("身份证");
  words.add("電話番号");
  EXPECT_EQ(find(words, "他的身份证号码"), (Found{"身份证:6-15"}));
  EXPECT_EQ(find(words, "お電話番号は"), (Found{"電話番号:3-15"}));
}

TEST(Words, CaseIsIgnoredInEveryAlphabet) {
  WordDictionary words;
  for (const char* phrase : {"číslo účtu", "telefonnummer", "địa chỉ", "αριθμός", "ґрунт", "şifre"}) words.add(phrase);
  EXPECT_EQ(find(words, "ČÍSLO ÚČTU"), (Found{"číslo účtu:0-14"}));
  EXPECT_EQ(find(words, "Číslo_Účtu"), (Found{"číslo účtu:0-14"}));
  EXPECT_EQ(find(words, "ĐỊA CHỈ"), (Found{"địa chỉ:0-12"}));
  EXPECT_EQ(find(words, "ΑΡΙΘΜΌΣ"), (Found{"αριθμός:0-14"}));
  EXPECT_EQ(find(words, "ҐРУНТ"), (Found{"ґрунт:0-10"}));
  EXPECT_EQ(find(words, "Şifre"), (Found{"şifre:0-6"}));
}

TEST(Words, PhrasesOfRulesMayBeInCapitals) {
  WordDictionary words;
  words.add("ПАСПОРТ");
  words.add("ỨNG VIÊN");
  EXPECT_EQ(find(words, "паспорт"), (Found{"ПАСПОРТ:0-14"}));
  EXPECT_EQ(find(words, "Ứng viên"), (Found{"ỨNG VIÊN:0-11"}));
}

TEST(Words, OverlappingPhrasesAreAllFound) {
  WordDictionary words;
  const uint32_t number = words.add("number");
  EXPECT_EQ(words.add("number"), number) << "the same phrase has one id";
  words.add("account number");
  words.add("bank account number");
  EXPECT_EQ(find(words, "the bank account number"),
            (Found{"number:17-23", "account number:9-23", "bank account number:4-23"}));
}

TEST(Words, LengthsAroundTheMachineWordAreToldApart) {
  WordDictionary words;
  for (size_t n = 1; n <= 20; n += 2) words.add(std::string(n, 'q'));
  for (size_t n = 1; n <= 20; ++n) EXPECT_EQ(find(words, std::string(n, 'q')).size(), n % 2) << n;
}

// Text is read in blocks: wherever their borders fall, and whether a block has letters beyond ASCII, words are the
// same.
// Words are looked for many at a time; where one lot ends must not show.
TEST(Words, AreFoundHoweverManyStandBefore) {
  WordDictionary words;
  for (const char* phrase : {"date of birth", "birth", "number"}) words.add(phrase);
  for (size_t before = 0; before < 140; ++before) {
    std::string text;
    for (size_t i = 0; i < before; ++i) text += i % 3 == 0 ? "of " : i % 3 == 1 ? "xs " : "elephants ";
    const auto at = [&](size_t from, size_t to) {
      return ":" + std::to_string(text.size() + from) + "-" + std::to_string(text.size() + to);
    };
    const Found expected{"birth" + at(8, 13), "date of birth" + at(0, 13), "number" + at(22, 29)};
    EXPECT_EQ(find(words, text + "Date of birth account numbers"), expected) << before;
    EXPECT_TRUE(find(words, text + "date xof birth xnumber") == Found{"birth" + at(9, 14)}) << before;
  }
}

TEST(Words, AreTheSameWhereverTheyStand) {
  WordDictionary words;
  for (const char* phrase :
       {"social security", "id", "server", "http", "straße", "номер паспорта", "card number", "号码"})
    words.add(phrase);
  std::mt19937 random(9);
  static constexpr std::array<std::string_view, 19> pieces = {
      "Social",   "Security", "HTTP",   "Server", "ids", "ID", "STRASSE", "Straße", "STRAßE", "Номер",
      "паспорта", "card",     "Number", "7",      "_",   " ",  "-",       "号码",   "x"};
  size_t hits = 0;
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (size_t n = random() % 40; n > 0; --n) text += pieces[random() % pieces.size()];
    std::vector<WordHit> at_start;
    words.find(text, 200, at_start);
    hits += at_start.size();
    for (const size_t shift : {1U, 31U, 63U, 64U, 100U}) {
      std::vector<WordHit> shifted;
      words.find(std::string(shift, ' ') + text + " .", static_cast<uint32_t>(200 - shift), shifted);
      ASSERT_EQ(shifted.size(), at_start.size()) << "'" << text << "' by " << shift;
      for (size_t i = 0; i < shifted.size(); ++i)
        EXPECT_TRUE(shifted[i].begin == at_start[i].begin && shifted[i].end == at_start[i].end &&
                    shifted[i].phrase == at_start[i].phrase)
            << "'" << text << "' by " << shift;
    }
  }
  EXPECT_GT(hits, 300U);
}

}  // namespace
}  // namespace assay::classify
