#include "classify/keyword_index.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

// Patterns of the keywords whose indexed word begins at `at`, with where the keywords begin.
std::vector<std::pair<uint32_t, size_t>> hits(const KeywordIndex& index, std::string text, size_t at) {
  const size_t size = text.size();
  text.append(8, 'x');
  std::vector<std::pair<uint32_t, size_t>> found;
  const char* const p = text.data() + at;
  if (!index.may_begin(p)) return found;
  const uint32_t head = index.head_of(p);
  index.match(std::string_view(text).substr(0, size), at, head,
              [&](const KeywordIndex::Keyword& keyword, size_t begin) { found.emplace_back(keyword.pattern, begin); });
  EXPECT_TRUE(found.empty() || (!index.refuses(p, head) && !index.surely_has_none(p, head)));
  return found;
}

using Hits = std::vector<std::pair<uint32_t, size_t>>;

TEST(KeywordIndex, FindsKeywordsWhateverTheirCase) {
  KeywordIndex index;
  ASSERT_TRUE(index.add("Password", 1));
  ASSERT_TRUE(index.add("vin", 2));
  ASSERT_TRUE(index.add("passphrase_of", 3));
  index.finish();
  EXPECT_EQ(hits(index, "PASSWORD", 0), (Hits{{1, 0}}));
  EXPECT_EQ(hits(index, "my password", 3), (Hits{{1, 3}}));
  EXPECT_EQ(hits(index, "VIN", 0), (Hits{{2, 0}}));
  EXPECT_EQ(hits(index, "vine", 0), (Hits{{2, 0}}));
  EXPECT_EQ(hits(index, "passphrase-of", 0), Hits{});
  EXPECT_EQ(hits(index, "passwor", 0), Hits{}) << "the text ends before the keyword does";
  EXPECT_EQ(hits(index, "p@ssword", 0), Hits{});
}

TEST(KeywordIndex, ComparesBackwardsWhatStandsBeforeTheWord) {
  KeywordIndex index;
  ASSERT_TRUE(index.add("-----BEGIN", 4));
  index.finish();
  EXPECT_EQ(hits(index, "-----BEGIN RSA", 5), (Hits{{4, 0}}));
  EXPECT_EQ(hits(index, "----BEGIN RSA", 4), Hits{});
}

TEST(KeywordIndex, ExactCaseSparesOtherCases) {
  KeywordIndex index;
  ASSERT_TRUE(index.add("HAND", 5, KeywordIndex::Case::exact));
  index.finish();
  EXPECT_EQ(hits(index, "HANDSESS", 0), (Hits{{5, 0}}));
  EXPECT_EQ(hits(index, "handle", 0), Hits{});
}

bool may_stand(const KeywordIndex& index, std::string text) {
  text.append(8, '\0');
  return index.may_begin(text.data()) && !index.refuses(text.data(), index.head_of(text.data()));
}

TEST(KeywordIndex, RefusesWordsThatGoOnAsNoKeywordDoes) {
  KeywordIndex index;
  for (const char* keyword : {"authorization", "author=", "apple id", "DOB:"}) ASSERT_TRUE(index.add(keyword, 0));
  ASSERT_TRUE(index.add("Pat", 1, KeywordIndex::Case::exact));
  index.finish();
  for (const char* text : {"Authorization", "AUTHOR=x", "apple id", "dob: x", "Patent"})
    EXPECT_TRUE(may_stand(index, text));
  for (const char* text : {"authentic", "applies to", "application", "doberman", "patent"})
    EXPECT_FALSE(may_stand(index, text)) << text;
}

TEST(KeywordIndex, RefusesWordsBehindWhichStandsWhatMayNotFollow) {
  ByteSet sign;
  for (const char c : {'=', ':'}) sign.add(static_cast<uint8_t>(c));
  KeywordIndex index;
  ASSERT_TRUE(index.add("pin", 0, KeywordIndex::Case::ignored, 0, {.followers = std::span(&sign, 1)}));
  index.finish();
  EXPECT_TRUE(may_stand(index, "PIN=1234"));
  EXPECT_TRUE(may_stand(index, "pin:1234"));
  EXPECT_FALSE(may_stand(index, "pink and"));
  EXPECT_FALSE(may_stand(index, "pin"));
}

TEST(KeywordIndex, TellsHowFarDigitsMayBe) {
  const auto reach_of = [](const std::vector<KeywordNeeds>& needs) {
    KeywordIndex index;
    for (const auto& of_keyword : needs)
      EXPECT_TRUE(index.add("-- plate", 0, KeywordIndex::Case::ignored, 0, of_keyword));
    index.finish();
    const auto reach = index.digit_reach(index.head_of("plate"));
    return std::pair(unsigned{reach.back}, unsigned{reach.forward});
  };
  const KeywordNeeds behind{.followers = {}, .digit = true, .digit_back = 0, .digit_forward = 30};
  const KeywordNeeds before{.followers = {}, .digit = true, .digit_back = 20, .digit_forward = 9};
  EXPECT_EQ(reach_of({behind}), std::pair(3U, 30U)) << "from the keyword's begin, three bytes before its word";
  EXPECT_EQ(reach_of({behind, before}), std::pair(23U, 30U)) << "as far as any of them";
  EXPECT_EQ(reach_of({behind, KeywordNeeds{}}).second, unsigned{KeywordIndex::no_digit}) << "one needs none";
}

TEST(KeywordIndex, SaysWhichKeywordsItCannotIndex) {
  KeywordIndex index;
  EXPECT_FALSE(index.add("@", 0));
  EXPECT_FALSE(index.add("d.o.b", 0));
  EXPECT_FALSE(index.add("서울", 0));
  EXPECT_TRUE(index.add("née date", 0)) << "by its second word";
}

}  // namespace
}  // namespace assay::classify
