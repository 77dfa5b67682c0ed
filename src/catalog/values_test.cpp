#include "catalog/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/quality.h"

namespace assay::catalog {
namespace {

using testing::Each;
using testing::SizeIs;

model::CatalogTable people() {
  model::CatalogTable table;
  table.object = "postgresql://host/crm/public/people";
  table.description.schema = "public";
  table.description.name = "people";
  table.description.estimated_rows = 100;
  table.column_count = 2;
  table.entities = {"EMAIL_ADDRESS"};
  model::CatalogColumn& id = table.columns.emplace_back();
  id.position = 1;
  id.description.name = "id";
  id.description.native_type = "integer";
  id.description.key_position = 1;
  model::CatalogColumn& mail = table.columns.emplace_back();
  mail.position = 2;
  mail.description.name = "mail\n";
  model::ColumnProfile profile;
  profile.rows = 100;
  profile.nulls = 10;
  profile.empty = 5;
  profile.null_tokens = 5;
  profile.type = "text";
  profile.conforming = 80;
  profile.entity = "EMAIL_ADDRESS";
  profile.valid = 60;
  profile.newest_s = 17;
  mail.profile = profile;
  model::ColumnFinding verdict;
  verdict.entity = "EMAIL_ADDRESS";
  verdict.confidence = 0.9;
  verdict.values = 80;
  verdict.agreeing = 60;
  mail.verdicts = {verdict};
  return table;
}

TEST(Quality, IsThatOfTheProfiles) {
  const model::CatalogTable table = people();
  const auto quality = quality_of(table.columns[1], table).value();
  EXPECT_DOUBLE_EQ(quality.parts.completeness.value(), 0.8);
  EXPECT_DOUBLE_EQ(quality.parts.conformity.value(), 1.0);
  EXPECT_DOUBLE_EQ(quality.parts.validity.value(), 0.75);
  EXPECT_DOUBLE_EQ(quality_of(table).value().score, quality.score) << "a column without profile does not count";
  EXPECT_EQ(newest_value_s(table), 17);
}

TEST(Quality, IsAsOfWhenTheTableWasExamined) {
  model::CatalogTable table = people();
  table.profiled_at = 17'000;
  EXPECT_DOUBLE_EQ(quality_of(table).value().parts.freshness.value(), 1.0);
  table.profiled_at = (17 + 90 * 86'400) * INT64_C(1000);
  EXPECT_DOUBLE_EQ(quality_of(table).value().parts.freshness.value(), 0.5);
}

TEST(Quality, OfNothingIsNotThere) {
  model::CatalogTable table;
  EXPECT_FALSE(quality_of(model::CatalogColumn{}, table).has_value());
  EXPECT_FALSE(quality_of(table).has_value());
  EXPECT_FALSE(newest_value_s(table).has_value());
}

TEST(CatalogValues, AsJson) {
  const boost::json::object out = to_json(people(), "crm");
  EXPECT_EQ(out.at("source"), "crm");
  EXPECT_EQ(out.at("name"), "public.people");
  EXPECT_EQ(out.at("estimated_rows").to_number<int>(), 100);
  EXPECT_FALSE(out.contains("bytes")) << "nobody knows";
  EXPECT_FALSE(out.contains("vanished_at"));
  EXPECT_DOUBLE_EQ(out.at("quality").at("completeness").as_double(), 0.8);
  const auto& mail = out.at("columns").at(1);
  EXPECT_EQ(mail.at("name"), "mail\\x0a");
  EXPECT_DOUBLE_EQ(mail.at("verdicts").at(0).at("share").as_double(), 0.75);
  EXPECT_EQ(mail.at("profile").at("nulls").to_number<int>(), 10);
  EXPECT_FALSE(out.at("columns").at(0).as_object().contains("profile"));
}

TEST(CatalogValues, AsRows) {
  EXPECT_THAT(table_cells(people(), "crm"), SizeIs(table_heads().size()));
  const auto rows = column_cells(people(), "crm");
  EXPECT_THAT(rows, SizeIs(2));
  EXPECT_THAT(rows, Each(SizeIs(column_heads().size())));
  model::CatalogTable bare = people();
  bare.columns.clear();
  EXPECT_THAT(column_cells(bare, "crm"), Each(SizeIs(column_heads().size())));
}

}  // namespace
}  // namespace assay::catalog
