#include "scan/examine/finding_kinds.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "classify/rule_loader.h"

namespace assay::scan {
namespace {

// Each thing that reasons tell, changed alone; and more patterns than are kept.
TEST(FindingKinds, AreToldApartByAllThatReasonsTell) {
  const classify::CompiledRules rules(classify::load_rules(classify::builtin_rule_sources()));
  std::vector<classify::Match> matches(8);
  matches[1].confidence = 0.25F;
  matches[2].evidence.check = classify::Check::valid;
  matches[3].evidence.phrase = 0;
  matches[4].evidence.phrase = 0;
  matches[4].evidence.boost = 0.5F;
  matches[5].evidence.negative_phrase = 0;
  matches[6].evidence.column_share = 0.75F;
  matches[7].evidence.phrase = 0;
  matches[7].evidence.phrase_is_name = true;
  for (uint32_t pattern = 1; pattern < 200; ++pattern) {
    matches.emplace_back().pattern = pattern;
    matches.back().rule = rules.patterns[pattern].rule;
  }
  FindingKinds kinds(rules);
  std::set<std::string> wires;
  for (int round = 0; round < 2; ++round)
    for (const classify::Match& match : matches) {
      const std::string wire = kinds.of(match);
      EXPECT_EQ(wire, FindingKinds(rules).of(match));
      EXPECT_EQ(wire, kinds.of(match));
      wires.insert(wire);
    }
  EXPECT_GE(wires.size(), matches.size() - 1) << "a check is told only of a pattern that has one";
}

}  // namespace
}  // namespace assay::scan
