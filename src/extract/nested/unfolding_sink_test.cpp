#include "extract/nested/unfolding_sink.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdlib.h>
#include <unistd.h>

#include "extract/rows/rows.h"
#include "extract/sink_recorder.h"
#include "model/cell.h"
#include "model/row_stream.h"

namespace assay::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using Cells = std::vector<std::string>;

/// A table of one column for each cell of the first row, called by letters of the alphabet after its type.
SinkRecorder unfold(const Cells& types, const std::vector<Cells>& rows, const Cells& names = {}) {
  SinkRecorder recorder;
  UnfoldingSink sink(recorder);
  TableInfo info{.name = "t", .columns = names, .types = types};
  if (names.empty())
    for (size_t i = 0; i < types.size(); ++i) info.columns.emplace_back(1, static_cast<char>('p' + i));
  sink.begin_table(info);
  uint64_t number = 0;
  for (const Cells& row : rows) sink.row(++number, std::vector<std::string_view>(row.begin(), row.end()));
  sink.end_table();
  return recorder;
}

/// What one cell becomes: "PATH=TEXT" of each value, or "=" and the cell where it stays one.
Cells of_cell(const std::string& type, const std::string& cell) {
  const SinkRecorder recorder = unfold({type}, {{cell}});
  Cells all;
  for (const std::string& value : recorder.tables.at(0).inner_values) all.push_back(value.substr(2));
  const std::string& left = recorder.tables.at(0).rows.at(0).second.at(0);
  if (recorder.cells_elsewhere == 0) all.push_back("=" + left);
  else EXPECT_TRUE(left.empty());
  return all;
}

TEST(UnfoldingSink, TheValuesOfJsonAreUnderTheirPaths) {
  EXPECT_THAT(of_cell("jsonb", R"({"contact": {"email": "ann@example.com", "age": 41}, "ok": true, "none": null})"),
              ElementsAre("p.contact.email=ann@example.com", "p.contact.age=41", "p.ok=true"));
  EXPECT_THAT(
      of_cell("jsonb", R"({"phones": ["1", "2"], "orders": [{"no": 1.10}, {"no": 89490200001234567890123}]})"),
      ElementsAre("p.phones[]=1", "p.phones[]=2", "p.orders[].no=1.10", "p.orders[].no=89490200001234567890123"));
  EXPECT_THAT(of_cell("json", " [[1], {\"a\": 2}]\n"), ElementsAre("p[][]=1", "p[].a=2"));
  EXPECT_THAT(of_cell("text", R"({"a": "x\u00fc\n\"y\"", "a": ""})"), ElementsAre("p.a=xü\n\"y\"", "p.a="));
}

TEST(UnfoldingSink, AStringOfItsOwnIsTheCell) {
  EXPECT_THAT(of_cell("jsonb", R"("ann@example.com")"), ElementsAre("=ann@example.com"));
  EXPECT_THAT(of_cell("text", R"("ann@example.com")"), ElementsAre(R"(="ann@example.com")"));
  EXPECT_THAT(of_cell("xml", "a &lt; b"), ElementsAre("=a &lt; b"));
}

TEST(UnfoldingSink, WhatCannotBeTakenApartStaysAsItIs) {
  const std::string deep = std::string(40, '[') + "1" + std::string(40, ']');
  const std::string long_name = R"({")" + std::string(60, 'k') + R"(": )";
  std::string long_path = "1";
  for (int i = 0; i < 20; ++i) long_path = long_name + long_path + "}";
  for (const std::string& cell : {std::string(R"({"a": 1)"), std::string(R"({"a": 1}})"), std::string("[draft]"),
                                  std::string("{name}"), std::string("{}"), std::string("[]"), std::string("[null]"),
                                  std::string("{\"a\": \"\\ud800\"}"), std::string("x {\"a\": 1}"), deep, long_path})
    EXPECT_THAT(of_cell("json", cell), ElementsAre("=" + cell));
  for (const std::string cell :
       {"<p>a<br>b</p>", "<a>", "<a>&unknown;</a>", "<a/><!-- 4111111111111111 -->", "<a><?note x?>b</a>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "a</cell><cell>b", "</cell>"})
    EXPECT_THAT(of_cell("xml", cell), ElementsAre("=" + cell));
  EXPECT_THAT(of_cell("text", "<a>1</a>"), ElementsAre("=<a>1</a>"));
  for (const std::string cell : {"{a,b", "{a,,b}", "{a}b", "{\"a}", "{,}", "{{a}", "{a\"b\"}", "a", "{{{{{{{a}}}}}}}"})
    EXPECT_THAT(of_cell("text[]", cell), ElementsAre("=" + cell));
}

TEST(UnfoldingSink, XmlIsTakenApartByElementsAndAttributes) {
  EXPECT_THAT(of_cell("xml",
                      "<?xml version='1.0' encoding='latin1'?>\n<order id='7'><to k=\"a&amp;b\">\n Ann &#64; x "
                      "<b>very</b> late</to><n:to xmlns:n='urn:n'><![CDATA[<raw>]]></n:to></order>"),
              ElementsAre("p.order.@id=7", "p.order.to.@k=a&b", "p.order.to=Ann @ x", "p.order.to.b=very",
                          "p.order.to=late", "p.order.to=<raw>"));
  EXPECT_THAT(of_cell("xml", "<a>1</a><b>2</b>"), ElementsAre("p.a=1", "p.b=2"));
  EXPECT_THAT(of_cell("text", "<?xml version='1.0'?><a>1</a>"), ElementsAre("p.a=1"));
}

TEST(UnfoldingSink, ArraysOfPostgresAreTheirElements) {
  EXPECT_THAT(of_cell("text[]", R"({a,"b \"c\", d",NULL,"NULL",""})"),
              ElementsAre("p[]=a", R"(p[]=b "c", d)", "p[]=NULL", "p[]="));
  EXPECT_THAT(of_cell("integer[]", "{{1,2},{3,4}}"), ElementsAre("p[]=1", "p[]=2", "p[]=3", "p[]=4"));
  EXPECT_THAT(of_cell("character varying(9)[]", "[0:1]={a,b}"), ElementsAre("p[]=a", "p[]=b"));
  EXPECT_THAT(of_cell("jsonb[]", R"({"{\"a\": [1]}","\"x\""})"), ElementsAre("p[].a[]=1", "p[]=x"));
  EXPECT_THAT(of_cell("jsonb[]", R"({"{\"a\": [1]}","no"})"), ElementsAre(R"(={"{\"a\": [1]}","no"})"));
  EXPECT_THAT(of_cell("text[]", "{}"), ElementsAre("={}"));
}

TEST(UnfoldingSink, NamesThatAreValuesNameNoColumn) {
  EXPECT_THAT(of_cell("json", R"({"users": {"ann@example.com": {"plan": "gold"}, "536228145": "x", "Zoë B.": 1}})"),
              ElementsAre("p.users{}=ann@example.com", "p.users.*.plan=gold", "p.users{}=536228145", "p.users.*=x",
                          "p.users.Zoë B.=1"));
  const SinkRecorder recorder = unfold({"json"}, {{R"({"a": {"b@c.d": 1}, "list": [{"api_key": 2}], "f": 3})"}});
  Cells keys, with_elements;
  for (const InnerColumn& column : recorder.tables.at(0).inner_columns) {
    keys.push_back(column.key);
    if (column.has_elements) with_elements.push_back(column.name);
  }
  EXPECT_THAT(keys, ElementsAre("", "", "api_key", "f"));
  EXPECT_THAT(with_elements, ElementsAre("p.a{}", "p.a.*", "p.list[].api_key"));
}

TEST(UnfoldingSink, ColumnsAppearWhereTheyAreFirstMet) {
  const SinkRecorder recorder =
      unfold({"int", "json"},
             {{"1", R"({"a": 1})"}, {"2", "broken {"}, {"3", R"({"b": 2, "c": )"}, {"4", R"({"b": 3, "a": 4})"}});
  const auto& table = recorder.tables.at(0);
  Cells names;
  for (const InnerColumn& column : table.inner_columns) {
    names.push_back(column.name);
    EXPECT_EQ(column.within, 1U);
  }
  EXPECT_THAT(names, ElementsAre("q.a", "q.b"));
  EXPECT_THAT(table.inner_values, ElementsAre("1 q.a=1", "4 q.b=3", "4 q.a=4"));
  EXPECT_THAT(table.rows, ElementsAre(Pair(1, ElementsAre("1", "")), Pair(2, ElementsAre("2", "broken {")),
                                      Pair(3, ElementsAre("3", R"({"b": 2, "c": )")), Pair(4, ElementsAre("4", ""))));
}

TEST(UnfoldingSink, TheRestOfDocumentsGoesToTheColumnsThatItNames) {
  const SinkRecorder recorder =
      unfold({"string", "json"}, {{"", R"({"city": "Bern", "geo.lat": 46.9, "tags": ["a"]})"}},
             {"city", std::string(rest_column)});
  EXPECT_THAT(recorder.tables.at(0).inner_values, ElementsAre("1 city=Bern", "1 geo.lat=46.9", "1 tags[]=a"));
  EXPECT_THAT(recorder.tables.at(0).inner_columns, SizeIs(2));
}

TEST(UnfoldingSink, TablesAreForgottenWithTheirPathsAndColumnsNeedNoNames) {
  SinkRecorder recorder;
  UnfoldingSink sink(recorder);
  for (int i = 0; i < 2; ++i) {
    sink.begin_table({.name = "", .columns = {"head"}, .types = {}, .header_row = 1});
    const std::string_view head[] = {R"({"no": "value"})"};
    sink.row(1, head);
    const std::string_view cells[] = {"x", R"({"a": 1})"};
    sink.row(2, cells);
    sink.end_table();
  }
  for (const auto& table : recorder.tables) {
    EXPECT_THAT(table.inner_values, ElementsAre("2 B.a=1"));
    ASSERT_THAT(table.inner_columns, SizeIs(1));
    EXPECT_EQ(table.rows.at(0).second.at(0), R"({"no": "value"})");
  }
}

TEST(UnfoldingSink, ATableHasNoMoreColumnsThanAnyAndTheOthersAreReadAsText) {
  SinkRecorder recorder;
  UnfoldingSink sink(recorder);
  sink.begin_table({.name = "t", .columns = {"a", "b"}, .types = {"json", "json"}});
  const auto give = [&](uint64_t row, const std::string& cell) {
    const std::string_view cells[] = {cell, R"({"known": 1})"};
    sink.row(row, cells);
  };
  const auto letters = [](int n) {
    return fmt::format("{}{}{}", char('a' + n / 676), char('a' + n / 26 % 26), char('a' + n % 26));
  };
  std::string many;
  for (int i = 0; i < 16'380; ++i) many += fmt::format(R"({}"{}":1)", i == 0 ? "{" : ",", letters(i));
  give(1, many + "}");
  give(2, R"({"one": 1, "more": 2, "than": 3})");
  give(3, R"({"aaa": 1})");
  give(4, R"({"last": 1})");
  sink.end_table();
  const auto& table = recorder.tables.at(0);
  EXPECT_EQ(table.inner_columns.size() + 2, model::first_inner_column);
  EXPECT_EQ(table.rows.at(1).second.at(0), R"({"one": 1, "more": 2, "than": 3})");
  EXPECT_EQ(table.inner_values.back(), "4 b.known=1");
  EXPECT_THAT(table.inner_values, testing::Contains("3 a.aaa=1"));
  EXPECT_THAT(recorder.partials, ElementsAre("1 cells have values under more paths than a table may have columns, and "
                                             "were read as text"));
}

TEST(UnfoldingSink, TheRoundsOfASampleAreAskedAbout) {
  SinkRecorder recorder;
  UnfoldingSink sink(recorder);
  sink.begin_table({.name = "t", .columns = {"a"}, .types = {"json"}});
  sink.is_enough({.rows = 5, .of_rows = 10, .certainty = 95});
  ASSERT_THAT(recorder.rounds, SizeIs(1));
  EXPECT_EQ(recorder.rounds[0].rows, 5U);
}

TEST(UnfoldingSink, RowsOfADatabaseKeepTheirOtherCells) {
  std::string out;
  model::RowStreamWriter writer(out);
  const model::StreamColumn columns[] = {{"payload", "jsonb", ""}, {"note", "text", ""}, {"scan", "bytea", ""}};
  writer.header("orders", columns);
  writer.begin_row();
  writer.cell(model::CellKind::json, R"({"contact": {"email": "ann@example.com"}})");
  writer.cell(model::CellKind::text, "plain");
  writer.cell(model::CellKind::binary, std::string_view("PK\3\4\0", 5));
  writer.begin_row();
  writer.cell(model::CellKind::json, "[\"" + std::string(size_t{1} << 20, 'x') + "\"]");
  writer.null();
  writer.null();
  writer.end();
  const model::Limits limits;
  char name[] = "/tmp/assay-test-XXXXXX";
  const int file = ::mkstemp(name);
  ::unlink(name);
  Scratch scratch(file, uint64_t{64} << 20);
  SinkRecorder recorder;
  UnfoldingSink sink(recorder);
  MemoryInput input(out);
  extract_rows(input, {.limits = limits, .scratch = scratch, .name = {}, .format = Format::rows}, sink);
  ::close(file);
  EXPECT_THAT(recorder.tables.at(0).inner_values, ElementsAre("1 payload.contact.email=ann@example.com"));
  EXPECT_EQ(recorder.tables.at(0).rows.at(0).second.at(1), "plain");
  EXPECT_EQ(recorder.members.at(0).name, "scan/1");
  EXPECT_EQ(recorder.texts.at(0).part.name, "payload/2") << "what is too long for a cell is read as before";
}

}  // namespace
}  // namespace assay::extract
