#include "classify/regex_outline.h"

#include <gtest/gtest.h>

#include "classify/classifier.h"
#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

struct Told {
  unsigned longest = 0, digits = 0;
  std::string needed;
  bool operator==(const Told&) const = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << "at most " << told.longest << " bytes, " << told.digits << " digits, each of '" << told.needed << "'";
}

Told told_of(std::string_view regex, bool ignore_case = false) {
  const auto outline = outline_of(regex, ignore_case);
  if (outline == nullptr) return {0, 0, "unknown"};
  Told told{longest_match(*outline), fewest_digits(*outline), ""};
  const ByteSet needed = bytes_in_every_match(*outline);
  for (unsigned byte = 0; byte < 256; ++byte)
    if (needed.has(static_cast<uint8_t>(byte))) told.needed += static_cast<char>(byte);
  return told;
}

TEST(RegexOutline, CountsWhatEveryMatchHas) {
  EXPECT_EQ(told_of("ab?[0-9]{2,5}@"), (Told{8, 2, "@a"}));
  EXPECT_EQ(told_of("(?:a1|bb22){2}"), (Told{8, 2, ""}));
  EXPECT_EQ(told_of("(?:x-1|y-2)"), (Told{3, 1, "-"}));
  EXPECT_EQ(told_of("(a(?:b|cd)*=)+"), (Told{unbounded, 0, "=a"}));
  EXPECT_EQ(told_of("a{0,3}b{2}"), (Told{5, 0, "b"}));
  EXPECT_EQ(told_of("[]x]{3}[^]]"), (Told{4, 0, ""}));
  EXPECT_EQ(told_of(R"(\d\.[\d.]\x41)"), (Told{4, 1, ".A"}));
}

TEST(RegexOutline, LookAroundAndEdgesCountForNothing) {
  EXPECT_EQ(told_of(R"((?<![A-Z])\bab(?=[0-9]{9})(?!x)$)"), (Told{2, 0, "ab"}));
}

TEST(RegexOutline, LettersOfEitherCaseAreNoSingleByte) {
  EXPECT_EQ(told_of("(?i)k:"), (Told{2, 0, ":"}));
  EXPECT_EQ(told_of("(?i:k)k"), (Told{2, 0, "k"}));
  EXPECT_EQ(told_of("(?i)a(?-i:b)c"), (Told{3, 0, "b"}));
  EXPECT_EQ(told_of("a(?:(?i)b)c"), (Told{3, 0, "ac"}));
  EXPECT_EQ(told_of("ab", true), (Told{2, 0, ""}));
}

TEST(RegexOutline, WhatIsNotACountStandsForItself) {
  EXPECT_EQ(told_of("a{x}"), (Told{4, 0, "ax{}"}));
  EXPECT_EQ(told_of("[\\w-.]b"), (Told{2, 0, "b"}));
}

TEST(RegexOutline, NothingIsSaidOfWhatItDoesNotKnow) {
  for (const char* regex : {R"((a)\1)", "(?(1)a|b)", "(?R)", "[[:alpha:]]", R"(\pL)", "a)", "(a", "[a", "a{1", "*a",
                            R"(\Qa\E)", "(*FAIL)", "a{,3}", "(?x)a b", "[z-a]", R"(\)"})
    EXPECT_EQ(outline_of(regex, false), nullptr) << regex;
}

TEST(RegexOutline, KnowsNearlyAllBuiltInPatterns) {
  size_t known = 0, all = 0;
  const auto rules = load_rules(builtin_rule_sources());
  for (const auto& rule : rules)
    for (const auto& pattern : rule.patterns) {
      ++all;
      known += outline_of(pattern.regex, pattern.ignore_case) != nullptr ? 1 : 0;
    }
  EXPECT_GE(known * 100, all * 95) << known << " of " << all;
}

unsigned solid_run_of(const char* regex) {
  const auto outline = outline_of(regex, false);
  return outline == nullptr ? unbounded : longest_solid_run(*outline);
}

TEST(RegexOutline, CountsBytesInARowWithoutABlank) {
  EXPECT_EQ(solid_run_of("key[ =]([0-9a-f]{64})"), 64U);
  EXPECT_EQ(solid_run_of("[A-Z]{2}x?[0-9]{3,9} [a-z]{2}"), 5U);
  EXPECT_EQ(solid_run_of("(?:ab|cde f)[^ ]{4}"), 2U) << "what may be a blank ends a run: [^ ] may be a newline";
  EXPECT_EQ(solid_run_of("(?:ab|cde f)[!-~]{4}"), 5U);
  EXPECT_EQ(solid_run_of("(?:abcdef ?)?xy"), 2U);
  EXPECT_EQ(solid_run_of("(?:ab cd){2}"), 4U);
  EXPECT_EQ(solid_run_of("(?:ab cd)+"), 2U);
  EXPECT_EQ(solid_run_of("(?:ab){3}(?:c|de)*[ ,]f"), 6U);
}

}  // namespace
}  // namespace assay::classify
