#include "classify/table_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <tuple>

#include "classify/rule_loader.h"
#include "model/cell.h"

namespace assay::classify {
namespace {

class Collector final : public TableSink {
 public:
  void on_cell_match(const Match& match, uint64_t row, uint32_t column, size_t begin, size_t code_point,
                     std::string_view value) override {
    cells.emplace_back(row, column, begin, code_point, std::string(value), match.confidence);
  }
  void on_column(const ColumnVerdict& verdict) override { columns.push_back(verdict); }
  std::vector<std::tuple<uint64_t, uint32_t, size_t, size_t, std::string, float>> cells;
  std::vector<ColumnVerdict> columns;
};

const Classifier& badges() {
  static const Classifier classifier(
      load_rules(RuleSource{"test.yaml",
                            "rules:\n"
                            "  - name: badge\n    entity: BADGE\n    columns: [badge_no]\n"
                            "    patterns: [{regex: '[0-9]{6}', confidence: 0.3}]\n    context: {boost: 0.4}\n"
                            "  - name: card\n    entity: CARD\n    validator: credit_card\n    validated: 0.45\n"
                            "    patterns: [{regex: '[0-9]{16}', confidence: 0.2}]\n"
                            "  - name: ssn\n    entity: SSN\n    validator: us_ssn\n    columns: [ssn]\n"
                            "    patterns: [{regex: '[0-9]{9}', confidence: 0.1}]\n"
                            "    context: {boost: 0.45, words: [ssn]}\n"}));
  return classifier;
}

Collector scan(const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& rows) {
  Scratch scratch(badges().rules());
  Collector collector;
  TableScanner scanner(badges(), scratch, 0.5F, collector);
  scanner.begin(names);
  uint64_t number = 1;
  for (const auto& row : rows) {
    const std::vector<std::string_view> cells(row.begin(), row.end());
    scanner.row(++number, cells);
  }
  scanner.finish();
  return collector;
}

TEST(TableScanner, TheColumnsNameIsContext) {
  const Collector found = scan({"badge_no", "amount"}, {{"123456", "123456"}, {"né 654321", ""}});
  ASSERT_EQ(found.cells.size(), 2U);
  EXPECT_EQ(found.cells[0], std::tuple(2U, 0U, 0U, 0U, "123456", 0.7F));
  EXPECT_EQ(found.cells[1], std::tuple(3U, 0U, 4U, 3U, "654321", 0.7F));
  ASSERT_EQ(found.columns.size(), 1U);
  EXPECT_EQ(found.columns[0].column, 0U);
  EXPECT_TRUE(found.columns[0].name_agrees);
  EXPECT_EQ(found.columns[0].values, 2U);
  EXPECT_EQ(found.columns[0].agreeing, 1U) << "the other value holds more than the number";
}

TEST(TableScanner, AChecksumInEveryValueLiftsTheColumn) {
  const std::vector<std::string> valid{"4111111111111111"};
  EXPECT_TRUE(scan({"x"}, {valid, valid}).cells.empty()) << "two values say little";
  const Collector many = scan({"x"}, std::vector<std::vector<std::string>>(10, valid));
  ASSERT_EQ(many.cells.size(), 10U);
  EXPECT_GT(std::get<float>(many.cells[0]), 0.8F);
  ASSERT_EQ(many.columns.size(), 1U);
  EXPECT_EQ(many.columns[0].agreeing, 10U);
  std::vector<std::vector<std::string>> mixed(10, valid);
  for (size_t i = 0; i < 5; ++i) mixed[i] = {"no card"};
  EXPECT_TRUE(scan({"x"}, mixed).cells.empty()) << "half of the values agree";
}

/// Undecided columns after `agreeing` badge numbers among `values`.
std::vector<std::string> undecided(size_t agreeing, size_t values, double z = 3.29) {
  Scratch scratch(badges().rules());
  Collector collector;
  TableScanner scanner(badges(), scratch, 0.5F, collector);
  scanner.begin(std::vector<std::string>{"badge_no", "note"});
  for (size_t i = 0; i < values; ++i) {
    const std::array<std::string_view, 2> row{i * agreeing / values != (i + 1) * agreeing / values ? "123456" : "none",
                                              "some words"};
    scanner.row(i + 1, row);
  }
  return scanner.undecided_columns(z);
}

// With its name a badge has 0.7, so a column has a verdict from a share of 0.5 * 0.5 / 0.7 = 0.357 on.
TEST(TableScanner, ASampleIsEnoughWhenNoOtherWouldSayOtherwise) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(undecided(20, 20), IsEmpty()) << "at least 0.65 of all";
  EXPECT_THAT(undecided(3, 3), ElementsAre("badge_no"));
  EXPECT_THAT(undecided(40, 100), ElementsAre("badge_no")) << "between 0.26 and 0.56";
  EXPECT_THAT(undecided(4000, 10'000), IsEmpty());
  EXPECT_THAT(undecided(30, 100), ElementsAre("badge_no")) << "none, and maybe one";
  EXPECT_THAT(undecided(3000, 10'000), IsEmpty());
  EXPECT_THAT(undecided(40, 100, 0.5), IsEmpty()) << "who wants less certainty has it sooner";
}

TEST(TableScanner, ASampleIsNotEnoughWhileAColumnInsideCellsIsOpen) {
  Scratch scratch(badges().rules());
  Collector collector;
  TableScanner scanner(badges(), scratch, 0.5F, collector);
  scanner.begin({});
  scanner.add_inner("payload.badge_no", "badge_no");
  for (uint64_t row = 1; row <= 100; ++row)
    scanner.inner_value(row, model::first_inner_column, row <= 40 ? "123456" : "none");
  EXPECT_THAT(scanner.undecided_columns(3.29), testing::ElementsAre("payload.badge_no"));
}

// A password is known by its key, which in a table is the column's name.
TEST(TableScanner, SecretsAreKnownByTheNameOfTheirColumn) {
  const Classifier secrets(load_rules(
      RuleSource{"test.yaml",
                 "rules:\n"
                 "  - name: password\n    entity: PASSWORD\n    category: secret\n"
                 "    patterns:\n      - regex: 'password\"? *[:=] *\"([^\"\\n]{6,40})\"'\n        confidence: 0.7\n"
                 "        group: 1\n        ignore_case: true\n        keywords: [password]\n"
                 "        keywords_inside_words: true\n"}));
  Scratch scratch(secrets.rules());
  Collector found;
  TableScanner scanner(secrets, scratch, 0.5F, found);
  scanner.begin(std::vector<std::string>{"Db_Password", "passport", "password hint of the user"});
  for (uint64_t row = 2; row < 4; ++row)
    scanner.row(row, std::array<std::string_view, 3>{"Xk9#mP2$vL7q", "Xk9#mP2$vL7q", "short"});
  scanner.finish();
  ASSERT_EQ(found.cells.size(), 2U);
  EXPECT_EQ(found.cells[0], std::tuple(2U, 0U, 0U, 0U, "Xk9#mP2$vL7q", 0.7F));
  ASSERT_EQ(found.columns.size(), 1U);
  EXPECT_EQ(found.columns[0].name, "Db_Password");
  EXPECT_EQ(found.columns[0].agreeing, 2U);
}

TEST(TableScanner, CellsDoNotRunIntoEachOther) {
  EXPECT_TRUE(scan({"badge_no", "b"}, {{"123", "456"}, {"badge_no:", "123456"}}).cells.empty());
}

TEST(TableScanner, ResultsDoNotDependOnTheSizeOfBatches) {
  // More than a batch, with every match at a known place.
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 20'000; ++i) rows.push_back({std::to_string(100'000 + i), "word"});
  const Collector found = scan({"badge_no", "note"}, rows);
  ASSERT_EQ(found.cells.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(found.cells[i], std::tuple(i + 2, 0U, 0U, 0U, rows[i][0], 0.7F));
  ASSERT_EQ(found.columns.size(), 1U);
  EXPECT_EQ(found.columns[0].agreeing, rows.size());
}

TEST(TableScanner, WhatNoCheckCanProveNeedsAWord) {
  EXPECT_TRUE(scan({"x"}, {{"536228145"}, {"536228145 1"}}).cells.empty());
  EXPECT_EQ(scan({"x"}, {{"ssn 536228145"}, {"000228145"}}).cells.size(), 1U);
  EXPECT_EQ(scan({"ssn"}, {{"536228145"}, {"000228145"}}).cells.size(), 1U);
}

// Each batch is judged by the values up to its end, the same kind of match in the same column differently in another.
TEST(TableScanner, AColumnThatStopsAgreeingIsLiftedNoMore) {
  std::vector<std::vector<std::string>> rows(10'000, {"4111111111111111"});
  for (int i = 0; i < 10'000; ++i) {
    rows.push_back({"no card here"});
    rows.push_back({"4111111111111111"});
  }
  const Collector found = scan({"x"}, rows);
  ASSERT_FALSE(found.cells.empty());
  EXPECT_EQ(std::get<0>(found.cells.front()), 2U);
  EXPECT_GT(found.cells.size(), 7'000U);
  EXPECT_LT(std::get<0>(found.cells.back()), rows.size() - 5'000) << "two in three agree at the end";
}

TEST(TableScanner, ColumnsInsideCellsAreJudgedAsTheTablesOwn) {
  constexpr uint32_t first = model::first_inner_column;
  Scratch scratch(badges().rules());
  Collector found;
  TableScanner scanner(badges(), scratch, 0.5F, found);
  scanner.begin(std::vector<std::string>{"amount"});
  scanner.add_inner("payload.badge_no", "badge_no");
  for (uint64_t row = 1; row <= 30'000; ++row) {
    if (row == 20'000) scanner.add_inner("payload.extra[]", "extra");  // in a later batch
    scanner.inner_value(row, first, "né 123456");
    scanner.inner_value(row, first, "654321");
    if (row >= 20'000) scanner.inner_value(row, first + 1, row == 25'000 ? "4111111111111111" : "");
    scanner.row(row, std::vector<std::string_view>{"123456"});
  }
  scanner.finish();
  ASSERT_EQ(found.cells.size(), 60'000U) << "neither the amounts nor the only card";
  EXPECT_EQ(found.cells[0], std::tuple(1U, first, 4U, 3U, "123456", 0.7F));
  EXPECT_EQ(found.cells[1], std::tuple(1U, first, 0U, 0U, "654321", 0.7F));
  ASSERT_EQ(found.columns.size(), 1U);
  EXPECT_EQ(found.columns[0].column, first);
  EXPECT_EQ(found.columns[0].name, "payload.badge_no");
  EXPECT_EQ(found.columns[0].values, 60'000U);
  EXPECT_EQ(found.columns[0].agreeing, 30'000U);
  found.columns.clear();
  scanner.begin(std::vector<std::string>{"amount"});
  scanner.finish();
  EXPECT_TRUE(found.columns.empty()) << "another table has none of them";
}

TEST(TableScanner, APatternThatNeedsTheNameBeforeAValueSeesItInsideCells) {
  const Classifier passwords(load_rules(RuleSource{
      "test.yaml",
      "rules:\n"
      "  - name: password\n    entity: PASSWORD\n    category: secret\n"
      "    patterns: [{regex: 'password\": \"([^\"]{4,20})\"', confidence: 0.8, group: 1, keywords: [password]}]\n"}));
  Scratch scratch(passwords.rules());
  Collector found;
  TableScanner scanner(passwords, scratch, 0.5F, found);
  scanner.begin({});
  scanner.add_inner("settings.password", "password");
  scanner.add_inner("settings.password{}", "");
  for (uint64_t row = 1; row <= 2; ++row) {
    scanner.inner_value(row, model::first_inner_column, "hunter22");
    scanner.inner_value(row, model::first_inner_column + 1, "hunter22");
  }
  scanner.finish();
  ASSERT_EQ(found.cells.size(), 2U);
  EXPECT_EQ(found.cells[1], std::tuple(2U, model::first_inner_column, 0U, 0U, "hunter22", 0.8F));
  ASSERT_EQ(found.columns.size(), 1U);
  EXPECT_EQ(found.columns[0].agreeing, 2U);
}

}  // namespace
}  // namespace assay::classify
