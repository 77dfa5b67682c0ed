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
  EXPECT_TRUE(found.empty() || !index.refuses(p, head));
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

TEST(KeywordIndex, SaysWhichKeywordsItCannotIndex) {
  KeywordIndex index;
  EXPECT_FALSE(index.add("@", 0));
  EXPECT_FALSE(index.add("d.o.b", 0));
  EXPECT_FALSE(index.add("서울", 0));
  EXPECT_TRUE(index.add("née date", 0)) << "by its second word";
}

}  // namespace
}  // namespace assay::classify
