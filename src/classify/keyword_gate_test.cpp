#include "classify/keyword_gate.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "classify/classifier.h"
#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

// Asks the gate about the keyword at `begin` of `text`, whose digits are all known.
bool passes(const KeywordGate& gate, const std::string& text, size_t begin, size_t size) {
  std::vector<uint64_t> digits(text.size() / 64 + 16);
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] >= '0' && text[i] <= '9') digits[i / 64] |= uint64_t{1} << (i % 64);
  return gate.lets_pass(text, begin, begin + size, digits.data(), 0, digits.size() * 64);
}

KeywordGate gate_of(const char* regex, const char* keyword, bool begins_with_keyword) {
  const auto outline = outline_of(regex, false);
  return {MatchTraits(outline.get()), keyword, begins_with_keyword};
}

TEST(KeywordGate, AsksForTheBytesBehind) {
  const KeywordGate gate = gate_of(R"((?i)(?:create|alter) (?:role|user) x)", "create", true);
  EXPECT_TRUE(passes(gate, "CREATE role x and more", 0, 6));
  EXPECT_TRUE(passes(gate, "create user x and more", 0, 6));
  EXPECT_FALSE(passes(gate, "create table x and more", 0, 6));
  EXPECT_FALSE(passes(gate, "created role x and more", 0, 6));
  EXPECT_TRUE(passes(gate, "create r", 0, 6)) << "what the text does not hold is not judged";
}

TEST(KeywordGate, WhatStandsBehindAShortMatchMayBeAnything) {
  const KeywordGate gate = gate_of("(?:ab[0-9]?|abcd)", "ab", true);
  for (const char* text : {"ab1______", "abcd_____", "ab_______", "abxy_____"}) EXPECT_TRUE(passes(gate, text, 0, 2));
}

TEST(KeywordGate, AsksForAsManyDigitsAsAMatchHas) {
  const KeywordGate gate = gate_of("(?i:plate)[^\\n]{0,10}?[0-9]{3}", "plate", true);
  EXPECT_TRUE(passes(gate, "a plate is 123 or so", 2, 5));
  EXPECT_FALSE(passes(gate, "a plate is 12 or so", 2, 5));
  EXPECT_FALSE(passes(gate, "123 plate and far behind it 123", 4, 5)) << "too far, or before";
  EXPECT_TRUE(passes(gate_of("[0-9]{5} Ulm", "ulm", false), "89073 Ulm", 6, 3));
  EXPECT_FALSE(passes(gate_of("[0-9]{5} Ulm", "ulm", false), "8907 Ulm", 5, 3));
}

TEST(KeywordGate, DigitsThatAreNotKnownAreNotMissed) {
  const KeywordGate gate = gate_of("plate[^\\n]{0,4}[0-9]{3}", "plate", true);
  const uint64_t none[2] = {};
  EXPECT_TRUE(gate.lets_pass("plate abc and more of that", 0, 5, none, 0, 8));
  EXPECT_FALSE(gate.lets_pass("plate 12a and more of that", 0, 5, none, 0, 128));
}

TEST(KeywordGate, AsksForTheRarestByteThatAMatchHas) {
  const KeywordGate gate = gate_of("redis:[^ ]{1,9}@", "redis", true);
  EXPECT_TRUE(passes(gate, "redis:abc@host", 0, 5));
  EXPECT_FALSE(passes(gate, "redis:abc host", 0, 5));
  EXPECT_FALSE(passes(gate, "redis:abc and far off a@host", 0, 5));
}

TEST(KeywordGate, AsksForALongRunWithoutABlank) {
  const KeywordGate gate = gate_of("bot[^\\n]{0,10}[A-Za-z0-9]{20}", "bot", true);
  EXPECT_TRUE(passes(gate, "bot is abcdefghijABCDEFGHIJ", 0, 3));
  EXPECT_TRUE(passes(gate, "botabcdefghijABCDEFGHIJ", 0, 3));
  EXPECT_FALSE(passes(gate, "bot is abcdefghij ABCDEFGHIJKLMNOPQRS and more", 0, 3)) << "nineteen";
  EXPECT_FALSE(passes(gate, "bot and that is far behind abcdefghijABCDEFGHIJ", 0, 3));
  EXPECT_FALSE(passes(gate, "bot is abcdefghijABCDEFGHI", 0, 3)) << "the text ends";
  EXPECT_TRUE(passes(gate_of("[a-z]{20} bot", "bot", false), "abcdefghijabcdefghij bot", 21, 3));
  EXPECT_FALSE(passes(gate_of("[a-z]{20} bot", "bot", false), "a cdefghijabcdefghij bot", 21, 3));
}

TEST(KeywordGate, ARegexThatIsNotUnderstoodPasses) {
  const KeywordGate gate(MatchTraits(nullptr), "word", true);
  EXPECT_TRUE(passes(gate, "word and no more", 0, 4));
  EXPECT_TRUE(passes(KeywordGate{}, "word and no more", 0, 4));
}

TEST(KeywordGate, RepeatsWithinRepeatsEnd) {
  std::string regex = "a*";
  for (int depth = 0; depth < 40; ++depth) regex = "(?:" + regex + ")*";
  EXPECT_TRUE(passes(gate_of(("ab" + regex + "c").c_str(), "ab", true), "ab and what is no match", 0, 2));
  EXPECT_FALSE(passes(gate_of("ab(?:(?:a*)*)*c", "ab", true), "ab and what is no match", 0, 2));
}

// What PCRE2 finds passes the gate: on each rule's own examples, whole and with bytes changed at random.
TEST(KeywordGate, LetsPassWhateverThePatternsFind) {
  const CompiledRules rules(load_rules(builtin_rule_sources()));
  Pcre::Scratch scratch;
  std::mt19937 random(17);
  size_t found = 0;
  for (const auto& pattern : rules.patterns) {
    if (pattern.kind != SearchKind::keyword) continue;
    const auto outline = outline_of(pattern.source->regex, pattern.source->ignore_case);
    const auto& source = *rules.rules[pattern.rule].source;
    for (const auto& example : source.examples) {
      for (int round = 0; round < 8; ++round) {
        std::string text = example.text + " and what follows it in the text";
        for (int change = 0; change < round; ++change)
          text[random() % text.size()] = static_cast<char>(' ' + random() % 95);
        std::string small = text;
        for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        for (const auto& keyword : pattern.source->keywords) {
          std::string word = keyword;
          for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
          const size_t at = small.find(word);
          if (at == std::string::npos) continue;
          const auto match = pattern.regex->find(text, at, true, 0, scratch);
          if (!match || match->whole.end < at + word.size()) continue;
          ++found;
          EXPECT_TRUE(passes({MatchTraits(outline.get()), keyword, pattern.starts_with_keyword}, text, at, word.size()))
              << source.name << ", keyword " << keyword;
        }
      }
    }
  }
  EXPECT_GT(found, 500U);
}

}  // namespace
}  // namespace assay::classify
