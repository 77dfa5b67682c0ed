#include "classify/survey.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace assay::classify {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_token(char c) { return is_digit(c) || is_letter(c) || c == '_'; }

struct Places {
  std::vector<uint32_t> digit_tokens, at_signs, schemes, keyword_words, keyword_heads, digits, blocks_beyond_ascii;
  bool operator==(const Places&) const = default;
};

Places surveyed(const std::string& padded, size_t size, size_t from, size_t to, const KeywordIndex& keywords,
                InstructionSet with) {
  Survey survey;
  survey_window(std::string_view(padded).substr(0, size), from, to, keywords, survey, with);
  std::vector<uint32_t> digits;
  for (size_t at = survey.digits_from; at < survey.digits_to; ++at)
    if ((survey.digit_blocks[at / 64] >> (at % 64) & 1) != 0) digits.push_back(static_cast<uint32_t>(at));
  for (size_t first = survey.digits_from; first < survey.digits_to; first += 64)
    for (size_t last = first; last < survey.digits_to; last += 64)
      EXPECT_EQ(survey.may_have_digit(first + 3, last + 60),
                std::ranges::any_of(digits, [&](uint32_t at) { return at >= first && at < last + 64; }))
          << "from " << first << " to " << last + 60;
  EXPECT_TRUE(survey.may_have_digit(survey.digits_from, survey.digits_to + 1));
  return {{survey.digit_tokens.begin(), survey.digit_tokens.end()},
          {survey.at_signs.begin(), survey.at_signs.end()},
          {survey.schemes.begin(), survey.schemes.end()},
          {survey.keyword_words.begin(), survey.keyword_words.end()},
          {survey.keyword_heads.begin(), survey.keyword_heads.end()},
          std::move(digits),
          {survey.blocks_beyond_ascii.begin(), survey.blocks_beyond_ascii.end()}};
}

// What the survey's description says, a byte at a time; keyword words are left to the comparison of instruction sets.
Places expected(const std::string& text, size_t from, size_t to) {
  Places places;
  // Digits are known by whole blocks.
  for (size_t i = from / 64 * 64; from < to && i < std::min(text.size(), (to + 63) / 64 * 64); ++i)
    if (is_digit(text[i])) places.digits.push_back(static_cast<uint32_t>(i));
  for (size_t block = from / 64 * 64; from < to && block < to; block += 64)
    if (std::ranges::any_of(text.substr(block, 64), [](char c) { return static_cast<uint8_t>(c) >= 0x80; }))
      places.blocks_beyond_ascii.push_back(static_cast<uint32_t>(block));
  for (size_t i = from; i < to; ++i) {
    if (text[i] == '@') places.at_signs.push_back(static_cast<uint32_t>(i));
    if (text.compare(i, 3, "://") == 0) places.schemes.push_back(static_cast<uint32_t>(i));
    if (!is_token(text[i]) || (i > 0 && is_token(text[i - 1]))) continue;
    for (size_t j = i; j < text.size() && is_token(text[j]) && j - i <= 48; ++j)
      if (is_digit(text[j])) {
        places.digit_tokens.push_back(static_cast<uint32_t>(i));
        break;
      }
  }
  return places;
}

TEST(Survey, EveryInstructionSetFindsWhatALoopOverBytesFinds) {
  KeywordIndex keywords;
  for (const char* keyword : {"password", "api_key", "vin", "DOB:"}) ASSERT_TRUE(keywords.add(keyword, 0));
  keywords.finish();
  std::mt19937 random(5);
  static constexpr std::string_view alphabet = "ab_019@:/ .-Z\n\xC3\xBC";
  for (int round = 0; round < 400; ++round) {
    const size_t size = random() % 300;
    std::string text;
    while (text.size() < size) {
      if (random() % 10 == 0) text += random() % 2 ? "password" : "://";
      else if (random() % 12 == 0) text += std::string(random() % 90, random() % 3 ? 'x' : '7');
      else text += alphabet[random() % alphabet.size()];
    }
    const size_t from = text.empty() ? 0 : random() % text.size();
    const size_t to = from + (text.size() == from ? 0 : random() % (text.size() - from + 1));
    const std::string padded = text + std::string(survey_padding, '\0');
    Places plain = surveyed(padded, text.size(), from, to, keywords, InstructionSet::plain);
    for (const InstructionSet with : instruction_sets())
      EXPECT_EQ(surveyed(padded, text.size(), from, to, keywords, with), plain)
          << "from " << from << " to " << to << " in '" << text << "'";
    for (size_t i = 0; i < plain.keyword_words.size(); ++i)
      EXPECT_EQ(keywords.head_of(padded.data() + plain.keyword_words[i]), plain.keyword_heads.at(i));
    EXPECT_EQ(plain.keyword_heads.size(), plain.keyword_words.size());
    plain.keyword_words.clear();
    plain.keyword_heads.clear();
    if (from == to)
      plain.digits.clear(),
          plain.blocks_beyond_ascii.clear();  // the block of an empty window may be known, and need not be
    EXPECT_EQ(plain, expected(text, from, to)) << "from " << from << " to " << to << " in '" << text << "'";
  }
}

TEST(Survey, KeywordWordsBeginWhereWordsBegin) {
  KeywordIndex keywords;
  ASSERT_TRUE(keywords.add("token", 0));
  keywords.finish();
  const std::string text = "token myToken my_token 7token broken tokens";
  const Places found =
      surveyed(text + std::string(survey_padding, '\0'), text.size(), 0, text.size(), keywords, InstructionSet::plain);
  EXPECT_EQ(found.keyword_words, (std::vector<uint32_t>{0, 8, 17, 24, 37}));
}

}  // namespace
}  // namespace assay::classify
