#include "classify/rule_loader.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::classify {
namespace {

std::string problem(const std::string& yaml) {
  try {
    load_rules(RuleSource{"r.yaml", yaml});
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
  return "";
}

void expect_problem(const std::string& yaml, const std::string& place, const std::string& reason) {
  const std::string what = problem(yaml);
  EXPECT_TRUE(what.starts_with(place)) << what;
  EXPECT_NE(what.find(reason), std::string::npos) << what;
}

const std::string head = "rules:\n  - name: n\n    entity: N\n";

TEST(RuleLoader, ReadsEveryField) {
  const auto rules = load_rules(RuleSource{
      "r.yaml",
      head +
          "    title: T\n    category: contact\n    sensitivity: high\n    regulations: [GDPR]\n"
          "    patterns: [{name: p, regex: 'a(b)', confidence: 0.25, ignore_case: true, group: 1, keywords: [abc]}]\n"
          "    context: {words: [w], boost: 0.5, required: true, negative: [x], penalty: 0.1}\n"
          "    columns: [c]\n    allow_list: [z]\n    examples: [e, {text: f g, match: g}]\n"});
  ASSERT_EQ(rules.size(), 1U);
  const model::Rule& rule = rules[0];
  EXPECT_EQ(rule.line, 2);
  EXPECT_EQ(rule.sensitivity, model::Sensitivity::high);
  EXPECT_EQ(rule.patterns.at(0).group, 1);
  EXPECT_TRUE(rule.patterns[0].ignore_case);
  EXPECT_TRUE(rule.context.required);
  EXPECT_EQ(rule.examples.at(1).match, "g");
}

TEST(RuleLoader, NamesFileLineAndReason) {
  expect_problem("rules: [", "r.yaml:1: ", "not valid YAML");
  expect_problem("- a\n", "r.yaml:1: ", "must be a map");
  expect_problem("rulez: []\n", "r.yaml:1: ", "unknown key 'rulez'");
  expect_problem("{}\n", "r.yaml:1: ", "a list under 'rules'");
  expect_problem("rules:\n  - entity: N\n", "r.yaml:2: ", "'name' is missing");
  expect_problem(head, "r.yaml:2: ", "neither patterns nor a deny_list");
  expect_problem(head + "    colour: red\n", "r.yaml:4: ", "unknown key 'colour'");
  expect_problem(head + "    category: fruit\n", "r.yaml:4: ", "unknown category 'fruit'");
  expect_problem(head + "    sensitivity: extreme\n", "r.yaml:4: ", "unknown sensitivity 'extreme'");
  expect_problem(head + "    deny_list: [a]\n    validator: nope\n", "r.yaml:5: ", "no validator 'nope'");
  expect_problem(head + "    patterns:\n      - {regex: '['}\n", "r.yaml:5: ", "the regex is wrong");
  expect_problem(head + "    patterns:\n      - {regex: 'a*'}\n", "r.yaml:5: ", "matches the empty string");
  expect_problem(head + "    patterns:\n      - {regex: 'a', group: 2}\n", "r.yaml:5: ", "no capture group 2");
  expect_problem(head + "    patterns:\n      - {regex: 'a', keywords: [a]}\n", "r.yaml:5: ", "shorter than 2 bytes");
  expect_problem(head + "    patterns:\n      - regex: 'a'\n        confidence: 1.5\n",
                 "r.yaml:6: ", "'confidence' must be a number from 0 to 1");
  expect_problem(head + "    patterns:\n      - regex: 'a'\n        ignore_case: perhaps\n",
                 "r.yaml:6: ", "'ignore_case' must be true or false");
  expect_problem(head + "    context: [a]\n", "r.yaml:4: ", "'context' must be a map");
  expect_problem(head + "    examples: 3\n", "r.yaml:4: ", "'examples' must be a list");
}

TEST(RuleLoader, AKeyThatIsThereTwiceIsAnError) {
  expect_problem(head + "    deny_list: [a]\n    deny_list: [b]\n",
                 "r.yaml:5: ", "the key 'deny_list' is there already, in line 4");
  expect_problem("rules: []\nrules: []\n", "r.yaml:2: ", "the key 'rules' is there already, in line 1");
  expect_problem(head + "    patterns:\n      - regex: 'a'\n        confidence: 0.1\n        regex: 'b'\n",
                 "r.yaml:7: ", "the key 'regex' is there already, in line 5");
  expect_problem(head + "    deny_list: [a]\n    context:\n      words: [a]\n      words: [b]\n",
                 "r.yaml:7: ", "the key 'words' is there already, in line 6");
  expect_problem(head + "    deny_list: [a]\n    examples: [{text: a, text: b}]\n", "r.yaml:5: ", "the key 'text'");
  expect_problem("recognizers: []\nrecognizers: []\n", "r.yaml:2: ", "the key 'recognizers'");
  expect_problem("recognizers:\n  - {name: A, name: B, supported_entity: C, deny_list: [x]}\n",
                 "r.yaml:2: ", "the key 'name'");
  expect_problem("recognizers: []\nrules: []\n", "r.yaml:2: ", "not both");
}

TEST(RuleLoader, EntitiesAreWrittenInCapitals) {
  for (const char* entity : {"staff_number", "Staff", "STAFF-NUMBER", "STAFF NUMBER", "_STAFF", "7UP", "ÄRZTE"})
    expect_problem("rules:\n  - name: n\n    entity: " + std::string(entity) + "\n    deny_list: [a]\n",
                   "r.yaml:3: ", "must be written LIKE_THIS");
  EXPECT_EQ(load_rules(RuleSource{"r.yaml", "rules:\n  - {name: n, entity: ICD10_CODE, deny_list: [a]}\n"})[0].entity,
            "ICD10_CODE");
}

TEST(RuleLoader, AnEmptyWordIsNoWord) {
  expect_problem(head + "    deny_list: [a, '']\n", "r.yaml:4: ", "'deny_list' holds an empty word");
}

TEST(RuleLoader, NamesAreUniqueOverFiles) {
  const std::string yaml = head + "    deny_list: [abc]\n";
  try {
    load_rules(std::vector<RuleSource>{{"a.yaml", yaml}, {"b.yaml", yaml}});
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_STREQ(error.what(), "b.yaml:2: the rule name 'n' is taken already by a.yaml:2; give it another");
  }
}

TEST(RuleLoader, EmptyFilesHoldNoRules) { EXPECT_TRUE(load_rules(RuleSource{"r.yaml", "# nothing\n"}).empty()); }

TEST(RuleLoader, ADirectoryThatIsNotThereIsAnError) {
  EXPECT_THROW(read_rule_directory("/nonexistent/rules"), core::Error);
}

TEST(Presidio, RecognisersLoadAsRules) {
  const auto rules =
      load_rules(RuleSource{"p.yaml",
                            "recognizers:\n"
                            "  - CreditCardRecognizer\n"
                            "  - {name: Predefined, type: predefined}\n"
                            "  - {name: Off, enabled: false, supported_entity: X}\n"
                            "  - name: Zip Code (US)\n    supported_entity: ZIP\n"
                            "    supported_languages: [{language: en, context: [zip]}, de]\n"
                            "    patterns: [{name: weak, regex: '\\b\\d{5}\\b', score: 0.01}]\n    context: [postal]\n"
                            "  - {name: Titles, supported_entity: TITLE, deny_list: [Mr., Mrs.]}\n"});
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].name, "zip-code-us");
  EXPECT_EQ(rules[0].entity, "ZIP");
  EXPECT_EQ(rules[0].languages, (std::vector<std::string>{"en", "de"}));
  EXPECT_EQ(rules[0].context.words, (std::vector<std::string>{"postal", "zip"}));
  EXPECT_DOUBLE_EQ(rules[0].patterns.at(0).confidence, 0.01);
  EXPECT_TRUE(rules[0].patterns[0].ignore_case);
  EXPECT_EQ(rules[1].deny_list.size(), 2U);
}

std::vector<model::Rule> load_recogniser(const std::string& fields) {
  return load_rules(RuleSource{"p.yaml", "recognizers:\n  - {name: A, " + fields + "}\n"});
}

TEST(Presidio, TheScoreOfADenyListIsRead) {
  EXPECT_DOUBLE_EQ(
      load_recogniser("supported_entity: T, deny_list: [Mr], deny_list_score: 0.4")[0].deny_list_confidence, 0.4);
  EXPECT_DOUBLE_EQ(load_recogniser("supported_entity: T, deny_list: [Mr]")[0].deny_list_confidence, 1.0);
  expect_problem("recognizers:\n  - {name: A, supported_entity: B, deny_list: [x], deny_list_score: 2}\n",
                 "r.yaml:2: ", "'deny_list_score' must be a number from 0 to 1");
}

TEST(Presidio, FlagsOfPythonHold) {
  const auto regex_of = [](const std::string& regex, const std::string& flags) {
    return load_recogniser("supported_entity: T, patterns: [{name: p, regex: '" + regex + "', score: 0.5}]" + flags)[0]
        .patterns.at(0);
  };
  EXPECT_EQ(regex_of("[0-9]{4}", "").regex, "[0-9]{4}");
  EXPECT_TRUE(regex_of("[0-9]{4}", "").ignore_case);
  EXPECT_EQ(regex_of("^a.b$", "").regex, "(?ms)^a.b$");
  EXPECT_EQ(regex_of("^a.b$", ", global_regex_flags: 8").regex, "(?m)^a.b$");
  EXPECT_FALSE(regex_of("^a.b$", ", global_regex_flags: 8").ignore_case);
  EXPECT_EQ(regex_of("a b", ", global_regex_flags: 64").regex, "(?x)a b");
  expect_problem("recognizers:\n  - {name: A, supported_entity: B, deny_list: [x], global_regex_flags: 4}\n",
                 "r.yaml:2: ", "'global_regex_flags' may add up");
}

TEST(Presidio, EntitiesGetTheNamesThatOursHave) {
  EXPECT_EQ(load_recogniser("supported_entity: Rocket-number 7, deny_list: [Mr]")[0].entity, "ROCKET_NUMBER_7");
}

TEST(Presidio, OneEntityMayStandInAList) {
  EXPECT_EQ(load_recogniser("supported_entities: [T], deny_list: [Mr]")[0].entity, "T");
  expect_problem("recognizers:\n  - {name: A, supported_entities: [B, C], deny_list: [x]}\n",
                 "r.yaml:2: ", "must name one entity");
}

TEST(Presidio, WhatIsWrongIsNamed) {
  expect_problem("recognizers:\n  - {name: A, type: remote}\n", "r.yaml:2: ", "unknown type 'remote'");
  expect_problem("recognizers:\n  - {name: A, supported_entity: B, denylist: [x]}\n",
                 "r.yaml:2: ", "unknown key 'denylist'");
  expect_problem("recognizers: {a: b}\n", "r.yaml:1: ", "must be a list");
  expect_problem(
      "recognizers:\n  - {name: A, supported_entity: B, deny_list: [x], supported_languages: [{lang: en}]}\n",
      "r.yaml:2: ", "unknown key 'lang'");
  expect_problem("recognizers:\n  - {name: A}\n", "r.yaml:2: ", "'supported_entity' is missing");
  expect_problem("recognizers:\n  - {name: A, supported_entity: B}\n",
                 "r.yaml:2: ", "neither patterns nor a deny_list");
}

}  // namespace
}  // namespace assay::classify
