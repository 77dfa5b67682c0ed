#include "classify/resolver.h"

#include <gtest/gtest.h>

#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

// Rules 0 and 1 differ in sensitivity; rule 2 is a container.
const CompiledRules& rules() {
  static const CompiledRules compiled(
      load_rules(RuleSource{"test.yaml",
                            "rules:\n"
                            "  - {name: a, entity: A, sensitivity: low, patterns: [{regex: '[0-9]{4}'}]}\n"
                            "  - {name: b, entity: B, sensitivity: high, patterns: [{regex: '[0-9]{5}'}]}\n"
                            "  - {name: url, entity: U, category: online, patterns: [{regex: '[0-9]{6}'}]}\n"}));
  return compiled;
}

Match match(uint64_t begin, uint64_t end, uint32_t rule, float confidence) {
  return {.begin = begin, .end = end, .rule = rule, .pattern = rule, .confidence = confidence, .evidence = {}};
}

// Rules of those that win, in order.
std::vector<uint32_t> winners(const std::vector<Match>& matches, std::vector<TraceEntry>* trace = nullptr) {
  Resolver resolver(rules());
  std::vector<Match> won;
  for (const Match& m : matches) resolver.add(m, trace, won);
  resolver.finish(trace, won);
  std::vector<uint32_t> out;
  for (const Match& m : won) out.push_back(m.rule);
  return out;
}

using Rules = std::vector<uint32_t>;

TEST(Resolver, PrefersConfidenceThenLengthThenSensitivityThenOrder) {
  EXPECT_EQ(winners({match(0, 10, 0, 0.6F), match(2, 6, 1, 0.7F)}), Rules{1});
  EXPECT_EQ(winners({match(0, 4, 1, 0.6F), match(0, 8, 0, 0.6F)}), Rules{0});
  EXPECT_EQ(winners({match(0, 4, 0, 0.6F), match(0, 4, 1, 0.6F)}), Rules{1});
  EXPECT_EQ(winners({match(0, 4, 0, 0.6F), match(2, 6, 0, 0.6F)}), Rules{0});
}

TEST(Resolver, WhatOnlyTouchesBothStand) {
  EXPECT_EQ(winners({match(0, 4, 0, 0.6F), match(4, 8, 1, 0.9F)}), (Rules{0, 1}));
}

TEST(Resolver, ALoserDoesNotTakeItsNeighbourAlong) {
  EXPECT_EQ(winners({match(0, 4, 0, 0.9F), match(3, 8, 1, 0.5F), match(7, 12, 0, 0.9F)}), (Rules{0, 0}));
}

TEST(Resolver, WhatIsInsideAUrlStandsBesideIt) {
  EXPECT_EQ(winners({match(0, 20, 2, 0.9F), match(5, 10, 1, 0.6F)}), (Rules{2, 1}));
  EXPECT_EQ(winners({match(0, 20, 1, 0.9F), match(5, 10, 2, 0.6F)}), Rules{1}) << "the container is the inner one";
}

TEST(Resolver, TracesWhoBeatWhom) {
  std::vector<TraceEntry> trace;
  winners({match(0, 4, 0, 0.6F), match(2, 6, 1, 0.9F)}, &trace);
  ASSERT_EQ(trace.size(), 2U);
  EXPECT_EQ(trace[0].drop, Drop::reported);
  EXPECT_EQ(trace[1].drop, Drop::overlapped);
  EXPECT_EQ(trace[1].by_rule, 1U);
}

TEST(Resolver, SettlesOnlyWhatNothingCanPrecedeAnyMore) {
  Resolver resolver(rules());
  std::vector<Match> won;
  resolver.add(match(10, 20, 0, 0.6F), nullptr, won);
  resolver.settle_before(15, nullptr, won);
  EXPECT_TRUE(won.empty());
  EXPECT_EQ(resolver.group_begin(), 10U);
  resolver.settle_before(20, nullptr, won);
  EXPECT_EQ(won.size(), 1U);
  EXPECT_EQ(resolver.group_begin(), UINT64_MAX);
}

}  // namespace
}  // namespace assay::classify
