#include "classify/token_regex.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

std::string refusal(std::string_view regex) { return parse_token_regex(regex, false).refusal; }

TEST(TokenRegex, TakesTheSyntaxOfNumbers) {
  for (const char* regex :
       {R"(\b\d{3}-\d{2}-\d{4}\b)", R"([A-Z]{2}[0-9]{6})", R"(\+49[ -]?[0-9]{5,12})", R"(\([0-9]{3}\) ?[0-9]{4})",
        R"((?:19|20)[0-9]{2}|[0-9]{2})", R"((?<![0-9.])[0-9]{4}(?![0-9]))", R"([0-9]{1,3}(?:\.[0-9]{1,3}){3})",
        R"(B-[A-Z]{1,2} [0-9]{1,4})", R"(\x41[0-9])", R"([0-9]{4}(?=[ ,]|$))"})
    EXPECT_EQ(refusal(regex), "") << regex;
}

TEST(TokenRegex, RefusesWhatTheAutomatonCannotDo) {
  EXPECT_EQ(refusal("[0-9]+"), "unbounded repeat");
  EXPECT_EQ(refusal("[0-9]{2,}"), "unbounded repeat");
  EXPECT_EQ(refusal("[0-9](?=[0-9]{2})"), "look-around longer than one character");
  EXPECT_EQ(refusal(R"([0-9]\b[0-9])"), "look-around or \\b inside");
  EXPECT_EQ(refusal(R"(([0-9])\1)"), "unsupported escape");
  EXPECT_EQ(refusal("[0-9"), "unterminated class");
  EXPECT_EQ(refusal("(?:[0-9]"), "unbalanced parenthesis");
  EXPECT_EQ(refusal("[0-9])"), "unbalanced parenthesis");
  EXPECT_EQ(refusal("^[0-9]"), "anchor or stray repeat");
  EXPECT_EQ(refusal("[[:digit:]]"), "POSIX class");
  EXPECT_EQ(refusal("[0-9]{161}"), "repeat out of range");
  EXPECT_EQ(refusal("(?:[0-9]{100}){2}"), "may match more than 160 bytes");
  EXPECT_EQ(refusal("[9-0]"), "malformed range");
}

TEST(TokenRegex, RefusesWhatBeginsElsewhereThanAtATokenWithADigit) {
  for (const char* regex : {"abc", "[a-z]{4} [0-9]", "#[0-9]{3}", "[0-9]?", "(?:[0-9]|x)", " [0-9]"})
    EXPECT_EQ(refusal(regex), "may begin elsewhere than at a token with a digit") << regex;
}

TEST(TokenRegex, NestingIsBounded) {
  std::string deep(500, '(');
  deep += "[0-9]" + std::string(500, ')');
  EXPECT_EQ(refusal(deep), "nested too deep");
}

TEST(TokenRegex, EdgesAreTakenOffTheBody) {
  const TokenRegex parsed = parse_token_regex(R"((?<![a-f])[0-9]{4}(?!-|\.))", true);
  ASSERT_EQ(parsed.branches.size(), 1U);
  EXPECT_TRUE(parsed.branches[0].not_before.has('a'));
  EXPECT_FALSE(parsed.branches[0].not_before.has('g'));
  EXPECT_TRUE(parsed.branches[0].not_after.has('-'));
  EXPECT_TRUE(parsed.branches[0].not_after.has('.'));
  EXPECT_FALSE(parsed.branches[0].not_after.has(' '));
}

}  // namespace
}  // namespace assay::classify
