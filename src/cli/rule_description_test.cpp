#include "cli/rule_description.h"

#include <gtest/gtest.h>

#include "classify/rule_loader.h"
#include "cli/rule_selection.h"
#include "core/error.h"

namespace assay::cli {
namespace {

const std::vector<model::Rule>& sample_rules() {
  static const auto rules = classify::load_rules(classify::RuleSource{"own.yaml", R"(
rules:
  - name: staff-number
    entity: STAFF_NUMBER
    title: Staff number
    category: government_id
    sensitivity: high
    regulations: [GDPR]
    deny_list: [S-0000-TEST]
    patterns:
      - {name: digits, regex: '\b[0-9]{6}\b', confidence: 0.4}
      - {name: prefixed, regex: 'STAFFNO[0-9]{4}', confidence: 0.8, keywords: [STAFFNO]}
      - {name: any, regex: '[a-z]+!+', confidence: 0.6}
    context: {words: [staff], boost: 0.3, negative: [order], penalty: 0.2}
    examples: ['staff 123456']
    counter_examples: ['order 123456']
)"});
  return rules;
}

TEST(RuleDescription, SaysHowEachPatternIsSearched) {
  const auto described = describe_rules(sample_rules());
  ASSERT_EQ(described.size(), 1U);
  ASSERT_EQ(described[0].searches.size(), 3U);
  EXPECT_TRUE(described[0].searches[0].starts_with("token")) << described[0].searches[0];
  EXPECT_TRUE(described[0].searches[1].starts_with("keyword")) << described[0].searches[1];
  EXPECT_TRUE(described[0].searches[2].starts_with("line")) << described[0].searches[2];
}

TEST(RuleDescription, TextTellsEverything) {
  const std::string text = rule_text(describe_rules(sample_rules())[0]);
  for (const char* piece :
       {"staff-number", "STAFF_NUMBER", "Staff number", "government_id", "high", "GDPR", "\\b[0-9]{6}\\b", "STAFFNO",
        "+0.30: staff", "-0.20: order", "S-0000-TEST", "staff 123456", "order 123456", "own.yaml:3"})
    EXPECT_NE(text.find(piece), std::string::npos) << piece << "\n" << text;
}

TEST(RuleDescription, JsonHasPatternsAndExamples) {
  const auto object = rule_json(describe_rules(sample_rules())[0]);
  EXPECT_EQ(object.at("patterns").as_array().size(), 3U);
  EXPECT_EQ(object.at("examples").as_array().at(0).as_object().at("text").as_string(), "staff 123456");
  EXPECT_EQ(object.at("line").as_int64(), 3);
}

TEST(RuleDescription, EveryBuiltInPatternIsDescribed) {
  const auto rules = classify::load_rules(rule_sources({}, false));
  for (const auto& rule : describe_rules(rules))
    for (const auto& search : rule.searches) EXPECT_FALSE(search.empty()) << rule.rule->name;
}

TEST(RuleSelection, AFolderWithoutRulesIsRefused) {
  EXPECT_THROW(rule_sources({ASSAY_SOURCE_DIR "/cmake"}, false), core::Error);
}

TEST(RuleSelection, OwnRulesComeBehindTheBuiltInOnesOrAlone) {
  const std::string own = ASSAY_SOURCE_DIR "/rules/us";
  EXPECT_EQ(rule_sources({own}, true).size(), 1U);
  EXPECT_EQ(rule_sources({own}, false).size(), classify::builtin_rule_sources().size() + 1);
  EXPECT_EQ(rule_sources({}, true).size(), classify::builtin_rule_sources().size());
}

}  // namespace
}  // namespace assay::cli
