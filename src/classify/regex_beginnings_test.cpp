#include "classify/regex_beginnings.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

bool begins(std::string_view regex, const std::vector<std::string>& keywords) {
  return keyword_beginnings(regex, false, keywords).each_match_begins_with_one;
}

TEST(RegexBeginnings, SeesKeywordsAtTheBeginning) {
  EXPECT_TRUE(begins(R"(\bAKIA[0-9A-Z]{16}\b)", {"akia"}));
  EXPECT_TRUE(begins("(?i)(?:licen[cs]e|driver)[^\n]{0,40}", {"licence", "license", "driver"}));
  EXPECT_TRUE(begins("(xox[bp]-[0-9]+)", {"xoxb-", "xoxp-"}));
  EXPECT_TRUE(begins("(?<![A-Za-z])sk_live_[a-z]+", {"sk_live_"}));
}

TEST(RegexBeginnings, SaysNoWhenInDoubt) {
  EXPECT_FALSE(begins("[a-z]+@host", {"@host"}));
  EXPECT_FALSE(begins("token|key", {"token"})) << "alternatives without a group";
  EXPECT_FALSE(begins("(?:token|key)=", {"token"}));
  EXPECT_FALSE(begins("(?:token)?key", {"token"}));
  EXPECT_FALSE(begins("tokens?", {"tokens"}));
  EXPECT_FALSE(begins("(?=token)x", {"token"}));
}

TEST(RegexBeginnings, KnowsTheCaseThatAMatchNeeds) {
  EXPECT_EQ(keyword_beginnings("(?:HAND|ESSE)SE", false, {"hand", "esse"}).exact,
            (std::vector<std::string>{"HAND", "ESSE"}));
  EXPECT_EQ(keyword_beginnings("(?i)HAND", false, {"hand"}).exact, (std::vector<std::string>{""}));
  EXPECT_EQ(keyword_beginnings("HAND", true, {"hand"}).exact, (std::vector<std::string>{""}));
  EXPECT_EQ(keyword_beginnings("(?:Key|KEY)=", false, {"key"}).exact, (std::vector<std::string>{""})) << "two cases";
}

}  // namespace
}  // namespace assay::classify
