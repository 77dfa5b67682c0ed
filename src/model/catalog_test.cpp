#include "model/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ColumnDescription column(std::string name, std::string type) {
  ColumnDescription column;
  column.name = std::move(name);
  column.native_type = std::move(type);
  return column;
}

TableDescription people() {
  TableDescription table;
  table.schema = "public";
  table.name = "people";
  table.columns = {column("id", "integer"), column("email", "text"), column("age", "integer")};
  table.columns[0].key_position = 1;
  table.columns[0].is_nullable = false;
  return table;
}

/// "what column aspect: before -> after"
std::vector<std::string> told(const TableDescription& before, const TableDescription& after) {
  std::vector<std::string> lines;
  for (const CatalogChange& c : changes_between("public.people", before, after)) {
    EXPECT_EQ(c.table, "public.people");
    lines.push_back(std::string(to_string(c.what)) + " " + c.column + " " + c.aspect + ": " + c.before + " -> " +
                    c.after);
  }
  return lines;
}

TEST(CatalogChanges, OfTheSameDescriptionThereAreNone) {
  TableDescription later = people();
  later.estimated_rows = 7;
  later.bytes = 8192;
  std::swap(later.columns[1], later.columns[2]);
  EXPECT_THAT(told(people(), later), IsEmpty()) << "estimates and the order of columns are no change";
}

TEST(CatalogChanges, NameWhatBecameOfColumns) {
  TableDescription later = people();
  later.columns = {column("id", "bigint"), column("mail", "text"), column("age", "integer")};
  later.columns[2].comment = "in years";
  later.columns[2].is_nullable = false;
  EXPECT_THAT(told(people(), later), ElementsAre("changed id type: integer -> bigint", "changed id nullable: no -> yes",
                                                 "changed id key: in the key at 1 -> not in the key",
                                                 "appeared mail :  -> text", "changed age nullable: yes -> no",
                                                 "changed age comment:  -> in years", "vanished email : text -> "));
}

TEST(CatalogChanges, NameWhatBecameOfTheTable) {
  TableDescription later = people();
  later.kind = "view";
  later.comment = "who they are";
  EXPECT_THAT(told(people(), later), ElementsAre("changed  kind: table -> view", "changed  comment:  -> who they are"));
}

TEST(CatalogChanges, PairColumnsOfOneNameInTheirOrder) {
  TableDescription before, after;
  before.columns = {column("x", "a"), column("x", "b")};
  after.columns = {column("x", "a"), column("x", "c"), column("x", "d")};
  EXPECT_THAT(told(before, after), ElementsAre("changed x type: b -> c", "appeared x :  -> d"));
}

TEST(CatalogTables, HaveNamesOfTheirKind) {
  CatalogTable table;
  table.description = people();
  table.object = "postgresql://host/db/public/people";
  EXPECT_EQ(name_of(table), "public.people");
  table.description.schema.clear();
  EXPECT_EQ(name_of(table), "people");
  table.description.kind = file_table_kind;
  table.object = "/data/a.csv";
  EXPECT_EQ(name_of(table), "/data/a.csv");
  table.member = "b.xlsx";
  table.table_in_file = "Clients";
  EXPECT_THAT(name_of(table), testing::AllOf(testing::StartsWith("/data/a.csv "), testing::HasSubstr("b.xlsx"),
                                             testing::HasSubstr("Clients")));
}

}  // namespace
}  // namespace assay::model
