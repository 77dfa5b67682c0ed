#include "classify/token_dfa.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>

#include "classify/pcre.h"

namespace assay::classify {
namespace {

const std::vector<std::string> patterns = {"[0-9]{3}-[0-9]{2}-[0-9]{4}",      "[0-9]{4}(?: ?[0-9]{4}){1,3}",
                                           "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}",  "[A-Z][0-9]{3}[A-Z0-9]{0,4}",
                                           "(?:19|20)[0-9]{2}[-/][01]?[0-9]", "\\+[0-9]{2,5}"};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

TokenNfa compile(bool loose = false) {
  TokenNfa nfa;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const TokenRegex regex = parse_token_regex(patterns[i], false);
    EXPECT_EQ(regex.refusal, "") << patterns[i];
    for (const auto& branch : regex.branches) nfa.add(*branch.body, static_cast<int32_t>(i), loose && i == 4);
  }
  nfa.finish();
  return nfa;
}

using Found = std::set<std::pair<int32_t, uint32_t>>;

Found found_of(const TokenDfa& dfa, size_t nth, uint32_t begin) {
  EXPECT_TRUE(std::ranges::is_sorted(dfa.accepts(nth), {}, &TokenDfa::Accept::length));
  Found found;
  for (const auto& accept : dfa.accepts(nth))
    for (const int32_t branch : dfa.branches(accept)) found.emplace(branch, begin + accept.length);
  return found;
}

Found found_by(TokenDfa& dfa, const std::string& text, uint32_t start, bool loose_only = false) {
  const std::string padded = text + std::string(64, '\0');
  dfa.match(std::string_view(padded).substr(0, text.size()), std::array{TokenDfa::Start{start, loose_only}});
  return found_of(dfa, 0, start);
}

// Every end at which PCRE2 matches the pattern from `start` to exactly there, but those inside a token.
Found found_by_pcre(const std::string& text, size_t start, Pcre::Scratch& scratch) {
  static const std::vector<Pcre> regexes = [] {
    std::vector<Pcre> all;
    for (const auto& pattern : patterns) all.emplace_back("(?:" + pattern + ")\\z", false, Pcre::Jit::yes);
    return all;
  }();
  Found found;
  for (size_t end = start + 1; end <= text.size(); ++end) {
    if (end < text.size() && is_word(text[end - 1]) && is_word(text[end])) continue;
    for (size_t i = 0; i < regexes.size(); ++i)
      if (regexes[i].find(std::string_view(text).substr(0, end), start, true, 0, scratch))
        found.emplace(static_cast<int32_t>(i), static_cast<uint32_t>(end));
  }
  return found;
}

TEST(TokenDfa, AgreesWithPcreOnRandomText) {
  const TokenNfa nfa = compile();
  TokenDfa dfa(nfa);
  Pcre::Scratch scratch;
  std::mt19937 random(3);
  static constexpr std::string_view alphabet = "0129- .AZ/+";
  size_t matches = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t size = random() % 24; text.size() < size;)
      text += random() % 3 == 0 ? alphabet[random() % alphabet.size()] : static_cast<char>('0' + random() % 10);
    const auto start = static_cast<uint32_t>(text.empty() ? 0 : random() % std::min<size_t>(text.size(), 3));
    const Found found = found_by(dfa, text, start);
    EXPECT_EQ(found, found_by_pcre(text, start, scratch)) << "from " << start << " in '" << text << "'";
    matches += found.size();
  }
  EXPECT_GT(matches, 1000U);
  EXPECT_GT(dfa.state_count(), 20U);
}

TEST(TokenDfa, FindsFromManyStartsWhatItFindsFromEach) {
  const TokenNfa nfa = compile();
  TokenDfa together(nfa), alone(nfa);
  std::mt19937 random(29);
  static constexpr std::string_view alphabet = "0129- .AZ/+";
  size_t matching = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (size_t size = random() % 60; text.size() < size;)
      text += random() % 3 == 0 ? alphabet[random() % alphabet.size()] : static_cast<char>('0' + random() % 10);
    const std::string padded = text + std::string(64, '\0');
    std::vector<TokenDfa::Start> starts;
    for (uint32_t at = 0; at < text.size() && starts.size() < TokenDfa::max_batch; ++at)
      if (random() % 4 != 0) starts.push_back({at, false});
    together.match(std::string_view(padded).substr(0, text.size()), starts);
    for (size_t i = 0; i < starts.size(); ++i) {
      const Found found = found_of(together, i, starts[i].begin);
      EXPECT_EQ(found, found_by(alone, text, starts[i].begin)) << "from " << starts[i].begin << " in '" << text << "'";
      matching += found.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(matching, 1000U);
}

TEST(TokenDfa, SiftingKeepsEveryStartThatMatches) {
  const TokenNfa nfa = compile(true);
  TokenDfa dfa(nfa);
  std::mt19937 random(41);
  static constexpr std::string_view alphabet = "0129- .AZ/+;";
  size_t dropped = 0, matching = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text;
    for (size_t size = random() % 40; text.size() < size;)
      text += random() % 2 == 0 ? alphabet[random() % alphabet.size()] : static_cast<char>('0' + random() % 10);
    // What lies behind the text looks like its going on, and is not.
    const std::string padded = text + std::string(64, random() % 2 == 0 ? '7' : '\0');
    std::vector<TokenDfa::Start> starts;
    for (uint32_t at = 0; at < text.size() && starts.size() < TokenDfa::max_batch; ++at)
      starts.push_back({at, random() % 4 == 0});
    std::vector<TokenDfa::Start> kept = starts;
    kept.resize(dfa.sift(std::string_view(padded).substr(0, text.size()), kept));
    EXPECT_TRUE(std::ranges::is_sorted(kept, {}, &TokenDfa::Start::begin));
    dropped += starts.size() - kept.size();
    dfa.match(std::string_view(padded).substr(0, text.size()), starts);
    for (size_t i = 0; i < starts.size(); ++i) {
      if (dfa.accepts(i).empty()) continue;
      ++matching;
      EXPECT_TRUE(std::ranges::any_of(kept,
                                      [&](const TokenDfa::Start& start) {
                                        return start.begin == starts[i].begin &&
                                               start.loose_only == starts[i].loose_only;
                                      }))
          << "from " << starts[i].begin << " in '" << text << "'";
    }
  }
  EXPECT_GT(dropped, 1000U);
  EXPECT_GT(matching, 1000U);
}

TEST(TokenDfa, MatchesAsFarAsATokenMayReachAndNoFurther) {
  TokenNfa nfa;
  const TokenRegex regex = parse_token_regex("(?:[0-9] ?){1,80}", false);
  ASSERT_EQ(regex.refusal, "");
  for (const auto& branch : regex.branches) nfa.add(*branch.body, 0, false);
  nfa.finish();
  TokenDfa dfa(nfa);
  std::string text;
  while (text.size() < 400) text += "7 ";
  const Found found = found_by(dfa, text, 0);
  ASSERT_EQ(found.size(), token_match_bytes);
  EXPECT_EQ(found.rbegin()->second, token_match_bytes);
  EXPECT_EQ(found_by(dfa, text, static_cast<uint32_t>(text.size())), Found{});
}

TEST(TokenDfa, LooseBranchesMatchAloneWhereAskedFor) {
  const TokenNfa nfa = compile(true);
  TokenDfa dfa(nfa);
  EXPECT_EQ(found_by(dfa, "2024/05", 0, true), (Found{{4, 7}}));
  EXPECT_TRUE(found_by(dfa, "123-45-6789", 0, true).empty());
  EXPECT_EQ(found_by(dfa, "123-45-6789", 0), (Found{{0, 11}}));
}

TEST(TokenDfa, WithoutPatternsNothingMatches) {
  TokenNfa nfa;
  nfa.finish();
  TokenDfa dfa(nfa);
  EXPECT_TRUE(found_by(dfa, "123", 0).empty());
}

}  // namespace
}  // namespace assay::classify
