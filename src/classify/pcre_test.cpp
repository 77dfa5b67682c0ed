#include "classify/pcre.h"

#include <gtest/gtest.h>

#include <string>

#include "core/error.h"

namespace assay::classify {
namespace {

TEST(Pcre, FindsAnchoredFreeAndBounded) {
  const Pcre regex("a(b+)", false, Pcre::Jit::yes);
  Pcre::Scratch scratch;
  EXPECT_FALSE(regex.find("xxabb", 0, true, 0, scratch));
  const auto match = regex.find("xxabb", 0, false, 1, scratch);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->whole.begin, 2U);
  EXPECT_EQ(match->value.begin, 3U);
  EXPECT_EQ(match->value.end, 5U);
  EXPECT_TRUE(regex.find_starting_until("xxabb", 0, 2, 0, scratch));
  EXPECT_FALSE(regex.find_starting_until("xxabb", 0, 1, 0, scratch));
  EXPECT_TRUE(regex.find("xxabb", 0, false, 0, scratch)) << "the bound is forgotten";
}

TEST(Pcre, LookBehindSeesWhatIsBefore) {
  const Pcre regex("(?<!x)a", false, Pcre::Jit::yes);
  Pcre::Scratch scratch;
  EXPECT_FALSE(regex.find("xa", 1, true, 0, scratch));
  EXPECT_TRUE(regex.find("ya", 1, true, 0, scratch));
}

TEST(Pcre, AGroupThatTookNoPartIsNoMatch) {
  const Pcre regex("(a)|b", false, Pcre::Jit::yes);
  Pcre::Scratch scratch;
  EXPECT_FALSE(regex.find("b", 0, true, 1, scratch));
  EXPECT_TRUE(regex.find("b", 0, true, 0, scratch));
}

TEST(Pcre, BacktrackingIsBounded) {
  const Pcre regex("(?:a+)+b", false, Pcre::Jit::yes);
  Pcre::Scratch scratch;
  EXPECT_FALSE(regex.find(std::string(2000, 'a') + "cb", 0, true, 0, scratch));
  EXPECT_FALSE(regex.find(std::string(3000, 'a') + "cb", 0, true, 0, scratch));
  EXPECT_EQ(scratch.gave_up, std::vector{&regex}) << "told once, and of which regex";
}

TEST(Pcre, SaysWhereARegexIsWrong) {
  try {
    const Pcre regex("ab(c", false, Pcre::Jit::no);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("character 5"), std::string::npos) << error.what();
  }
  EXPECT_THROW(Pcre("\\C", false, Pcre::Jit::no), core::Error);
}

TEST(Pcre, ForAnchoredSearchesOnlyFindsAnchoredMatchesOnly) {
  const Pcre regex("a(b)c", true, Pcre::Jit::yes, Pcre::Search::anchored_only);
  Pcre::Scratch scratch;
  EXPECT_EQ(regex.group_count(), 1);
  EXPECT_FALSE(regex.matches_empty());
  EXPECT_TRUE(regex.find("xABC", 1, true, 1, scratch));
  EXPECT_FALSE(regex.find("xABC", 0, true, 1, scratch));
  EXPECT_FALSE(regex.find("xABC", 0, false, 1, scratch));
  EXPECT_FALSE(regex.find_starting_until("xABC", 0, 4, 1, scratch));
  EXPECT_THROW(Pcre("a(", false, Pcre::Jit::yes, Pcre::Search::anchored_only), core::Error);
}

}  // namespace
}  // namespace assay::classify
