#include "profile/quality_score.h"

#include <gtest/gtest.h>

namespace assay::profile {
namespace {

constexpr int64_t now_s = 1'700'000'000;
constexpr int64_t day_s = 86'400;

model::ColumnProfile column(const char* name, uint64_t rows = 100) {
  model::ColumnProfile c;
  c.name = name;
  c.rows = rows;
  c.distinct = static_cast<double>(rows);
  c.distinct_is_exact = true;
  c.type = "text";
  c.conforming = rows;
  return c;
}

TEST(QualityScore, PartsAreShares) {
  auto c = column("city");
  c.nulls = 10;
  c.empty = 5;
  c.null_tokens = 5;
  c.conforming = 60;
  c.entity = "LOCATION";
  c.valid = 40;
  const auto score = score_of(c, "", now_s);
  ASSERT_TRUE(score);
  EXPECT_DOUBLE_EQ(*score->parts.completeness, 0.8);
  EXPECT_DOUBLE_EQ(*score->parts.conformity, 0.75);
  EXPECT_DOUBLE_EQ(*score->parts.validity, 0.5);
  EXPECT_FALSE(score->parts.uniqueness);
  EXPECT_FALSE(score->parts.freshness);
  EXPECT_DOUBLE_EQ(score->score, (0.8 * 0.30 + 0.75 * 0.25 + 0.5 * 0.20) / 0.75);
}

TEST(QualityScore, WithoutRowsThereIsNone) {
  EXPECT_FALSE(score_of(column("x", 0), "", now_s));
  EXPECT_FALSE(score_of(model::TableProfile{}, now_s));
}

TEST(QualityScore, AColumnWithoutValuesIsIncompleteAndNothingElse) {
  auto c = column("x");
  c.nulls = 100;
  c.distinct = 0;
  c.conforming = 0;
  const auto score = score_of(c, "", now_s);
  EXPECT_DOUBLE_EQ(score->score, 0);
  EXPECT_FALSE(score->parts.conformity);
}

TEST(QualityScore, KeysAreExpectedToDiffer) {
  auto c = column("ID");
  c.distinct = 90;
  EXPECT_TRUE(expects_key(c, "orders"));
  EXPECT_DOUBLE_EQ(*score_of(c, "orders", now_s)->parts.uniqueness, 0.9);
  c.name = "order_id";
  EXPECT_FALSE(expects_key(c, "orders")) << "it may point to another table";
  EXPECT_TRUE(expects_key(c, "Order"));
  EXPECT_TRUE(expects_key(c, "public.order"));
  EXPECT_TRUE(expects_key(c, "crm.dbo.order"));
  EXPECT_FALSE(expects_key(c, "order.lines"));
  c.distinct = 97;
  EXPECT_TRUE(expects_key(c, "orders"));
  c.name = "name";
  EXPECT_FALSE(expects_key(c, "orders"));
}

TEST(QualityScore, AnEstimateWithinItsErrorOfAllIsAll) {
  auto c = column("id", 1'000'000);
  c.distinct = 970'000;
  EXPECT_DOUBLE_EQ(*score_of(c, "", now_s)->parts.uniqueness, 0.97);
  c.distinct_is_exact = false;
  EXPECT_DOUBLE_EQ(*score_of(c, "", now_s)->parts.uniqueness, 1);
  c.distinct = 900'000;
  EXPECT_DOUBLE_EQ(*score_of(c, "", now_s)->parts.uniqueness, 0.9);
}

TEST(QualityScore, FreshnessHalvesEveryNinetyDays) {
  auto c = column("updated");
  for (const auto& [age_s, freshness] :
       {std::pair{int64_t{0}, 1.0}, {-day_s, 1.0}, {90 * day_s, 0.5}, {180 * day_s, 0.25}}) {
    c.newest_s = now_s - age_s;
    EXPECT_NEAR(*score_of(c, "", now_s)->parts.freshness, freshness, 1e-12);
  }
}

TEST(QualityScore, ATableIsTheMeanOfItsColumns) {
  model::TableProfile table;
  table.rows = 100;
  table.columns = {column("id"), column("note"), column("updated")};
  table.columns[1].nulls = 50;
  table.columns[1].conforming = 50;
  table.columns[2].newest_s = now_s - 90 * day_s;
  table.columns.push_back(column("created"));
  table.columns[3].newest_s = now_s - 900 * day_s;
  const auto score = score_of(table, now_s);
  ASSERT_TRUE(score);
  EXPECT_DOUBLE_EQ(*score->parts.completeness, 0.875);
  EXPECT_DOUBLE_EQ(*score->parts.uniqueness, 1);
  EXPECT_DOUBLE_EQ(*score->parts.conformity, 1);
  EXPECT_FALSE(score->parts.validity);
  EXPECT_NEAR(*score->parts.freshness, 0.5, 1e-12);
  EXPECT_NEAR(score->score, (0.875 * 0.30 + 0.15 + 0.25 + 0.5 * 0.10) / 0.80, 1e-12);
}

// What an examiner that was taken over says must not give a score beyond its bounds.
TEST(QualityScore, NumbersThatCannotBeStayWithinBounds) {
  auto c = column("id", 10);
  c.nulls = UINT64_MAX;
  c.conforming = UINT64_MAX;
  c.distinct = 1e300;
  c.newest_s = INT64_MIN;
  c.entity = "X";
  c.valid = UINT64_MAX;
  const auto score = score_of(c, "", now_s);
  EXPECT_GE(score->score, 0);
  EXPECT_LE(score->score, 1);
}

}  // namespace
}  // namespace assay::profile
