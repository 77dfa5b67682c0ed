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

TEST(Quality, IsTheShareOfRowsWithASoundValue) {
  const auto quality = quality_of(*people().columns[1].profile).value();
  EXPECT_DOUBLE_EQ(quality.filled, 0.8);
  EXPECT_DOUBLE_EQ(quality.conforming, 1.0);
  EXPECT_DOUBLE_EQ(quality.valid.value(), 0.75);
  EXPECT_DOUBLE_EQ(quality.score, 0.6);
  EXPECT_DOUBLE_EQ(quality_of(people()).value(), 0.6) << "a column without profile does not count";
  EXPECT_EQ(newest_value_s(people()), 17);
}

TEST(Quality, OfNothingIsNotThere) {
  EXPECT_FALSE(quality_of(model::ColumnProfile{}).has_value());
  EXPECT_FALSE(quality_of(model::CatalogTable{}).has_value());
  EXPECT_FALSE(newest_value_s(model::CatalogTable{}).has_value());
  model::ColumnProfile nothing_but_nulls;
  nothing_but_nulls.rows = nothing_but_nulls.nulls = 3;
  EXPECT_DOUBLE_EQ(quality_of(nothing_but_nulls).value().score, 0);
}

TEST(CatalogValues, AsJson) {
  const boost::json::object out = to_json(people(), "crm");
  EXPECT_EQ(out.at("source"), "crm");
  EXPECT_EQ(out.at("name"), "public.people");
  EXPECT_EQ(out.at("estimated_rows").to_number<int>(), 100);
  EXPECT_FALSE(out.contains("bytes")) << "nobody knows";
  EXPECT_FALSE(out.contains("vanished_at"));
  EXPECT_DOUBLE_EQ(out.at("quality").as_double(), 0.6);
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
