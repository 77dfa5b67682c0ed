#include "classify/scorer.h"

#include <gtest/gtest.h>

#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

std::string_view key(std::string_view text, std::string_view value) { return key_before(text, text.find(value)); }

TEST(KeyName, IsReadInTheStylesOfFormats) {
  EXPECT_EQ(key("ssn = 123", "123"), "ssn");
  EXPECT_EQ(key("{\"card_number\": \"411\"", "411"), "card_number");
  EXPECT_EQ(key("<tax:TaxId type='x'>123</tax:TaxId>", "123"), "TaxId");
  EXPECT_EQ(key("$user['pin'] => 123", "123"), "pin");
  EXPECT_EQ(key("Social Security Number: 123", "123"), "Social Security Number");
  EXPECT_EQ(key("Passport # 123", "123"), "Passport");
  EXPECT_EQ(key("x := 123", "123"), "x");
}

TEST(KeyName, IsEmptyWhereNothingIsNamed) {
  EXPECT_EQ(key("the number 123", "123"), "");
  EXPECT_EQ(key("123", "123"), "");
  EXPECT_EQ(key("a > 123", "123"), "");
}

const CompiledRules& rules() {
  static const CompiledRules compiled(load_rules(
      RuleSource{"test.yaml",
                 "rules:\n"
                 "  - name: badge\n    entity: BADGE\n    columns: [badge_no]\n    patterns: [{regex: '[0-9]{6}', "
                 "confidence: 0.2}]\n"
                 "    context: {words: [badge number], boost: 0.4, negative: [order], penalty: 0.1}\n"
                 "  - name: plain\n    entity: PLAIN\n    patterns: [{regex: '[0-9]{7}', confidence: 0.3}]\n"}));
  return compiled;
}

Match scored(const std::string& text, std::string_view value, uint32_t pattern = 0) {
  Scorer scorer(rules());
  scorer.start_window();
  const Scratch scratch(rules());
  const size_t begin = text.find(value);
  return scorer.score({text, 0}, {begin, begin + value.size(), pattern, Check::plausible}, 0.0F, scratch);
}

bool may_reach(const std::string& text, std::string_view value, float wanted, uint32_t pattern = 0) {
  Scorer scorer(rules());
  scorer.start_window();
  const size_t begin = text.find(value);
  return scorer.may_reach({text, 0}, pattern, begin, begin + value.size(), wanted);
}

TEST(Scorer, AddsByNearness) {
  EXPECT_FLOAT_EQ(scored("badge number 123456", "123456").confidence, 0.6F);
  const float far = scored("badge number" + std::string(60, '.') + "123456", "123456").confidence;
  EXPECT_GT(far, 0.2F);
  EXPECT_LT(far, 0.6F);
  EXPECT_FLOAT_EQ(scored("badge number" + std::string(120, '.') + "123456", "123456").confidence, 0.2F);
}

TEST(Scorer, NamesCountInFullAndOpposingWordsAgainst) {
  const Match named = scored("badge_no: 123456", "123456");
  EXPECT_FLOAT_EQ(named.confidence, 0.6F);
  EXPECT_TRUE(named.evidence.phrase_is_name);
  EXPECT_FLOAT_EQ(scored("order 123456", "123456").confidence, 0.1F);
}

TEST(Scorer, KnowsBeforehandWhatCannotReachAThreshold) {
  EXPECT_FALSE(may_reach("the number 123456", "123456", 0.5F));
  EXPECT_TRUE(may_reach("the number 123456", "123456", 0.2F));
  EXPECT_TRUE(may_reach("badge number 123456", "123456", 0.5F));
  EXPECT_TRUE(may_reach("badge_no: 123456", "123456", 0.5F));
  EXPECT_FALSE(may_reach("badge number 123456", "123456", 0.7F));
  EXPECT_FALSE(may_reach("badge number 1234567", "1234567", 0.5F, 1)) << "a rule without context";
}

TEST(Scorer, WordsDoNotDependOnWhatWasAskedBefore) {
  const std::string text = "badge number 123456 and then, much later, another badge number 654321 stands";
  const Scratch scratch(rules());
  const size_t second = text.find("654321");
  Scorer scorer(rules());
  scorer.start_window();
  scorer.score({text, 0}, {13, 19, 0, Check::plausible}, 0.0F, scratch);
  const Match after = scorer.score({text, 0}, {second, second + 6, 0, Check::plausible}, 0.0F, scratch);
  EXPECT_EQ(after.confidence, scored(text, "654321").confidence);
}

}  // namespace
}  // namespace assay::classify
