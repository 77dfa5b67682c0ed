#include "classify/given_up.h"

#include <gtest/gtest.h>

#include "classify/rule_examples.h"
#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

std::vector<ExampleFailure> warnings_of(const std::string& pattern, const std::string& example) {
  const auto rules =
      load_rules(RuleSource{"own.yaml", "rules:\n  - name: own\n    entity: OWN\n    patterns: [{name: p, " + pattern +
                                            ", confidence: 0.9}]\n    examples: ['" + example + "']\n"});
  const ExampleReport report = run_rule_examples(rules);
  EXPECT_TRUE(report.failures.empty());
  return report.warnings;
}

TEST(GivenUp, PatternsThatReachTheMatchLimitAreWarnedOf) {
  const auto nested = warnings_of("regex: '(x+x+)+y'", "xxxy");
  ASSERT_EQ(nested.size(), 1U);
  EXPECT_EQ(nested[0].file, "own.yaml");
  EXPECT_EQ(nested[0].line, 2);
  EXPECT_NE(nested[0].problem.find("'p'"), std::string::npos) << nested[0].problem;
  EXPECT_NE(nested[0].problem.find("a run of 'x'"), std::string::npos) << nested[0].problem;
  EXPECT_EQ(warnings_of("regex: 'key=(?:[0-9a-f]+ ?)+;', keywords: ['key=']", "my key=12ab 34cd;").size(), 1U);
}

TEST(GivenUp, OthersAreNot) {
  EXPECT_TRUE(warnings_of("regex: 'x+y'", "xxxy").empty());
  EXPECT_TRUE(warnings_of("regex: 'key=(?:[0-9a-f]{1,4} ){1,8};', keywords: ['key=']", "key=12ab 34cd ;").empty());
  EXPECT_TRUE(warnings_of("regex: '(?:[0-9]{1,9}){1,9}'", "123").empty()) << "the automaton knows no limit";
}

TEST(GivenUp, NoneOfOurOwnPatternsIsWarnedOf) {
  for (const auto& warning : run_rule_examples(load_rules(builtin_rule_sources())).warnings)
    ADD_FAILURE() << warning.file << ":" << warning.line << ": " << warning.rule << ": " << warning.problem;
}

}  // namespace
}  // namespace assay::classify
