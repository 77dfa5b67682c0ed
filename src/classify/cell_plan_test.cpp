#include "classify/cell_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "classify/column_plans.h"
#include "classify/rule_loader.h"

namespace assay::classify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Found = std::tuple<std::string, size_t, size_t, Check>;  // rule, begin, end

CompiledRules rules_of(const std::string& yaml) { return CompiledRules(load_rules(RuleSource{"test.yaml", yaml})); }

CellShape shape_of(std::string cell) {
  const size_t bytes = cell.size();
  cell.append(8, '7');  // what stands behind is no part of it
  CellShape shape;
  EXPECT_TRUE(shape.read(std::string_view(cell).substr(0, bytes)));
  return shape;
}

/// One plan for cells of one shape.
class Planned {
 public:
  Planned(const CompiledRules& rules, const std::string& cell, const std::vector<bool>& named = {})
      : rules_(rules), named_(named) {
    named_.resize(rules.rules.size());
    plan_ = build_cell_plan(shape_of(cell), {rules_, named_, 0.5F});
  }
  const CellPlan& plan() const { return *plan_; }
  std::vector<Found> find(const std::string& cell) {
    EXPECT_EQ(shape_of(cell), plan_->shape());
    std::vector<Found> all;
    for (const Candidate& found : plan_->run(rules_, cell.data())->candidates)
      all.emplace_back(rules_.rules[rules_.patterns[found.pattern].rule].source->name, found.begin, found.end,
                       found.check);
    return all;
  }

 private:
  const CompiledRules& rules_;
  std::vector<bool> named_;
  std::unique_ptr<CellPlan> plan_;
};

TEST(CellShape, CellsThatDifferInDigitsOnlyHaveOne) {
  EXPECT_EQ(shape_of("+49 30/12"), shape_of("+01 99/98"));
  EXPECT_EQ(shape_of("+49 30/12").text(), "+00 00/00");
  EXPECT_EQ(shape_of("0123456789:;<=>?@/.").text(), "0000000000:;<=>?@/.");
  for (const char* other : {"+49 30/1", "+49 30/123", "-49 30/12", "+4a 30/12", "+49 30/12 "})
    EXPECT_NE(shape_of("+49 30/12"), shape_of(other)) << other;
  EXPECT_EQ(shape_of(std::string(64, '5')).text(), std::string(64, '0'));
}

TEST(CellShape, LongCellsAndCellsBeyondAsciiHaveNone) {
  CellShape shape;
  EXPECT_FALSE(shape.read(std::string_view("        ", 0)));
  const std::string text = "12 \xc3\xbc" + std::string(80, '1');
  EXPECT_FALSE(shape.read(std::string_view(text).substr(0, 5)));
  EXPECT_TRUE(shape.read(std::string_view(text).substr(0, 3)));
  EXPECT_FALSE(shape.read(std::string_view(text).substr(5, 65)));
}

TEST(CellPlan, DigitsDecideWhatMatches) {
  const CompiledRules rules = rules_of(
      "rules:\n"
      "  - {name: day, entity: DAY, patterns: [{regex: '(?:0[1-9]|[12][0-9]|3[01])/[0-9]{2}', confidence: 0.6}]}\n"
      "  - {name: any, entity: ANY, patterns: [{regex: '[0-9]{2}/[0-9]{2}', confidence: 0.5}]}\n"
      "  - {name: odd, entity: ODD, patterns: [{regex: '[13579]{2}', confidence: 0.7}]}\n");
  Planned cells(rules, "00/00");
  ASSERT_TRUE(cells.plan().is_usable());
  const Found day("day", 0, 5, Check::plausible), any("any", 0, 5, Check::plausible);
  EXPECT_THAT(cells.find("31/12"), UnorderedElementsAre(any, day, Found("odd", 0, 2, Check::plausible)));
  EXPECT_THAT(cells.find("20/35"), UnorderedElementsAre(any, day, Found("odd", 3, 5, Check::plausible)));
  EXPECT_THAT(cells.find("00/00"), ElementsAre(any));
  EXPECT_THAT(cells.find("32/10"), ElementsAre(any));
}

TEST(CellPlan, WhatNeitherNameNorWordNorChecksumLiftsIsLeftOut) {
  const std::string yaml =
      "rules:\n"
      "  - name: badge\n    entity: BADGE\n    patterns: [{regex: '[0-9]{9}', confidence: 0.3}]\n"
      "    context: {words: [badge], boost: 0.4}\n"
      "  - name: ssn\n    entity: SSN\n    validator: us_ssn\n    patterns: [{regex: '[0-9]{9}', confidence: 0.1}]\n"
      "  - name: card\n    entity: CARD\n    validator: credit_card\n"
      "    patterns: [{regex: '[0-9]{16}', confidence: 0.2}]\n";
  const CompiledRules rules = rules_of(yaml);
  EXPECT_THAT(Planned(rules, "000000000").find("123456789"), IsEmpty());
  EXPECT_THAT(Planned(rules, "badge 000000000").find("badge 123456789"),
              ElementsAre(Found("badge", 6, 15, Check::plausible)));
  EXPECT_THAT(Planned(rules, "000000000", {true, false, false}).find("123456789"),
              ElementsAre(Found("badge", 0, 9, Check::plausible)));
  Planned cards(rules, "0000000000000000");
  EXPECT_THAT(cards.find("4111111111111111"), ElementsAre(Found("card", 0, 16, Check::valid)));
  EXPECT_THAT(cards.find("4111111111111112"), IsEmpty());
}

TEST(CellPlan, TheLongestMatchThatIsNoPieceOfSomethingAndNotAllowedStands) {
  const CompiledRules rules = rules_of(
      "rules:\n"
      "  - name: part\n    entity: PART\n    allow_list: ['11-22']\n"
      "    patterns: [{regex: '[0-9]{2}(?:-[0-9]{2}){0,2}', confidence: 0.5}]\n"
      "  - name: group\n    entity: GROUP\n    patterns: [{regex: '[0-9]{4}x', confidence: 0.5, group: 0}]\n");
  Planned cells(rules, "00-00");
  EXPECT_THAT(cells.find("12-34"), ElementsAre(Found("part", 0, 5, Check::plausible)));
  EXPECT_THAT(cells.find("11-22"), IsEmpty()) << "its beginning is a piece of it";
  EXPECT_THAT(Planned(rules, "00-00/00").find("11-22/33"), ElementsAre(Found("part", 6, 8, Check::plausible)));
}

TEST(CellPlan, TooManyOutcomesHaveNoPlace) {
  const CompiledRules rules =
      rules_of("rules:\n  - {name: any, entity: ANY, patterns: [{regex: '[0-9]{2}', confidence: 0.5}]}\n");
  const std::vector<bool> named(1);
  const auto plan = build_cell_plan(shape_of("00"), {rules, named, 0.5F});
  CellOutcome* const found = plan->run(rules, "12");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(plan->run(rules, "34"), found) << "the same was found";
  size_t outcomes = 2;
  for (uint32_t other = 1; plan->extend(*found, {0, 1, other, Check::plausible}) != nullptr; ++other) ++outcomes;
  EXPECT_EQ(outcomes, CellPlan::max_outcomes);
  EXPECT_EQ(plan->run(rules, "12"), found);
}

TEST(ColumnPlans, ShapesThatComeOftenHaveOne) {
  const CompiledRules rules =
      rules_of("rules:\n  - {name: any, entity: ANY, patterns: [{regex: '[0-9]{2}', confidence: 0.5}]}\n");
  const std::vector<bool> named(1);
  const auto make = [&](const CellShape& shape) { return build_cell_plan(shape, {rules, named, 0.5F}); };
  ColumnPlans plans;
  size_t bytes = 0;
  for (unsigned i = 1; i < ColumnPlans::planned_after; ++i) EXPECT_EQ(plans.find(shape_of("12"), make, bytes), nullptr);
  EXPECT_EQ(bytes, 0U);
  CellPlan* const plan = plans.find(shape_of("34"), make, bytes);
  ASSERT_NE(plan, nullptr);
  EXPECT_EQ(bytes, plan->memory_bytes());
  EXPECT_EQ(plans.find(shape_of("1"), make, bytes), nullptr);
  EXPECT_EQ(plans.find(shape_of("56"), make, bytes), plan);
  bytes = ColumnPlans::max_bytes;
  for (unsigned i = 1; i < 2 * ColumnPlans::planned_after; ++i)
    EXPECT_EQ(plans.find(shape_of("123"), make, bytes), nullptr) << "there is no room";
}

TEST(ColumnPlans, AColumnOfManyShapesIsLeftAlone) {
  const CompiledRules rules =
      rules_of("rules:\n  - {name: any, entity: ANY, patterns: [{regex: '[0-9]{2}', confidence: 0.5}]}\n");
  const std::vector<bool> named(1);
  const auto make = [&](const CellShape& shape) { return build_cell_plan(shape, {rules, named, 0.5F}); };
  ColumnPlans plans;
  size_t bytes = 0, planned = 0;
  for (size_t i = 0; i < 20'000; ++i) {
    std::string cell = "12 ";
    for (size_t rest = i; rest != 0; rest /= 26) cell += static_cast<char>('a' + rest % 26);
    planned += plans.find(shape_of(cell), make, bytes) != nullptr ? 1 : 0;
  }
  EXPECT_EQ(planned, 0U);
  for (unsigned i = 0; i < 2 * ColumnPlans::planned_after; ++i)
    planned += plans.find(shape_of("12"), make, bytes) != nullptr ? 1 : 0;
  EXPECT_EQ(planned, 0U);
}

}  // namespace
}  // namespace assay::classify
