#include "classify/rule_examples.h"

#include <gtest/gtest.h>

#include <set>

#include "classify/classifier.h"
#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

TEST(BuiltinRules, EachFindsItsExamplesAndNoCounterExample) {
  const auto rules = load_rules(builtin_rule_sources());
  const ExampleReport report = run_rule_examples(rules);
  EXPECT_EQ(report.rules, rules.size());
  for (const auto& failure : report.failures)
    ADD_FAILURE() << failure.file << ":" << failure.line << ": " << failure.rule << ": " << failure.problem;
}

// A pattern that is neither a token nor a keyword pattern reads every line: fine for a user's own, too slow for ours.
TEST(BuiltinRules, NoneReadsEveryLine) {
  const Classifier classifier(load_rules(builtin_rule_sources()));
  for (const auto& pattern : classifier.rules().patterns) {
    const model::Rule& rule = *classifier.rules().rules[pattern.rule].source;
    EXPECT_NE(pattern.kind, SearchKind::line) << rule.name << "/" << pattern.source->name << ": " << pattern.refusal;
  }
}

TEST(RuleExamples, OnlyRulesOfPresidioMayHaveNone) {
  const auto report = run_rule_examples(load_rules(std::vector<RuleSource>{
      {"own.yaml", "rules:\n  - {name: own, entity: OWN, deny_list: [abc]}\n"},
      {"presidio.yaml", "recognizers:\n  - {name: Theirs, supported_entity: T, deny_list: [Mr.]}\n"}}));
  EXPECT_EQ(report.rules, 2U);
  EXPECT_EQ(report.without_examples, 1U);
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].file, "own.yaml");
}

}  // namespace
}  // namespace assay::classify
