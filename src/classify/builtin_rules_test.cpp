#include "classify/builtin_rules.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

TEST(BuiltinRules, AreWhatTheirTextSays) {
  const auto sources = builtin_rule_sources();
  ASSERT_GT(sources.size(), 20U);
  for (const auto& source : sources) {
    EXPECT_FALSE(stored_form_of(source).empty()) << source.file;
    const auto stored = load_rules(source);
    // Another text of the same meaning is not what was built in, and is read.
    const RuleSource other{source.file, source.yaml + "\n"};
    EXPECT_TRUE(stored_form_of(other).empty());
    const auto read = load_rules(other);
    EXPECT_EQ(store_rules(stored), store_rules(read)) << source.file;
    ASSERT_FALSE(stored.empty());
    EXPECT_EQ(stored[0].file, read[0].file);
    EXPECT_EQ(stored[0].line, read[0].line);
  }
}

TEST(BuiltinRules, EveryFieldIsStored) {
  const auto read = load_rules(RuleSource{
      "own.yaml",
      "rules:\n  - name: n\n    entity: N\n    title: T\n    category: contact\n    sensitivity: high\n"
      "    regulations: [GDPR]\n    countries: [DE]\n    languages: [de]\n    validator: credit_card\n"
      "    validated: 0.9\n    patterns: [{name: p, regex: 'a(b)', confidence: 0.25, ignore_case: true, group: 1,"
      " keywords: [abc], keywords_inside_words: true, validator: us_ssn, validated: 0.7}]\n"
      "    context: {words: [w], boost: 0.5, required: true, negative: [x], penalty: 0.1}\n"
      "    columns: [c]\n    deny_list: [dddd]\n    allow_list: [z]\n    examples: [e, {text: f g, match: g}]\n"
      "    counter_examples: [h]\n"});
  const auto restored = restore_rules(store_rules(read), "own.yaml");
  ASSERT_EQ(restored.size(), 1U);
  const model::Rule& rule = restored[0];
  const model::Pattern& pattern = rule.patterns.at(0);
  EXPECT_EQ(rule.name + rule.entity + rule.title + rule.category + rule.validator, "nNTcontactcredit_card");
  EXPECT_EQ(rule.sensitivity, model::Sensitivity::high);
  EXPECT_EQ(rule.validated, 0.9);
  EXPECT_EQ(pattern.name + pattern.regex + pattern.validator + pattern.keywords.at(0), "pa(b)us_ssnabc");
  EXPECT_EQ(pattern.confidence, 0.25);
  EXPECT_TRUE(pattern.ignore_case && pattern.keywords_inside_words && rule.context.required);
  EXPECT_EQ(pattern.group, 1);
  EXPECT_EQ(pattern.validated, 0.7);
  EXPECT_EQ(rule.context.boost, 0.5);
  EXPECT_EQ(rule.context.penalty, 0.1);
  EXPECT_EQ(rule.context.words.at(0) + rule.context.negative.at(0) + rule.columns.at(0), "wxc");
  EXPECT_EQ(rule.deny_list.at(0) + rule.allow_list.at(0) + rule.counter_examples.at(0).text, "ddddzh");
  EXPECT_EQ(rule.examples.at(1).text + rule.examples[1].match, "f gg");
  EXPECT_EQ(rule.regulations.at(0) + rule.countries.at(0) + rule.languages.at(0), "GDPRDEde");
  EXPECT_EQ(rule.file, "own.yaml");
  EXPECT_EQ(rule.line, 2);
}

}  // namespace
}  // namespace assay::classify
