#include "connect/documents/json_document.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "connect/connector.h"
#include "connect/documents/document_conformance_test.h"
#include "connect/documents/document_rows.h"

namespace assay::connect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string cells_of(std::string_view text) {
  Document document;
  append_cells(parse_json(text), document);
  std::string all;
  for (const DocumentCell& cell : document) all += cell.path + "=" + cell.bytes + ";";
  return all;
}

TEST(JsonDocument, NoDigitOfANumberIsLost) {
  EXPECT_EQ(cells_of(R"({"a": 89490200001234567890123, "b": 1.10, "c": -5, "d": 18446744073709551615, "e": 1e400})"),
            "a=89490200001234567890123;b=1.10;c=-5;d=18446744073709551615;e=1e400;");
}

TEST(JsonDocument, ScalarsAndListsOfThemAreRecordsToo) {
  EXPECT_EQ(cells_of(R"("just text")"), "value=just text;");
  EXPECT_EQ(cells_of(R"(["a", 1, null, true])"), R"(value=["a",1,null,true];)");
  EXPECT_EQ(cells_of(R"([[1], {"a": 2}])"), R"(value=[[1],{"a":2}];)");
  EXPECT_EQ(cells_of(R"({"empty": {}, "none": [], "null": null, "text": ""})"), "text=;");
}

TEST(JsonDocument, WhatIsDeepIsJsonAndWhatIsDeeperIsRefused) {
  EXPECT_EQ(cells_of(R"({"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}})"), R"(a.b.c.d.e.f.g.h={"i":1};)");
  try {
    parse_json(std::string(65, '[') + std::string(65, ']'));
    ADD_FAILURE();
  } catch (const ReadFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("64 deep"));
  }
  EXPECT_NO_THROW(parse_json(std::string(64, '[') + std::string(64, ']')));
}

TEST(JsonDocument, ANameThatStandsTwiceHidesNothing) {
  EXPECT_EQ(cells_of(R"({"note": "first", "note": "x", "o": {"note": 1, "note'2": 2, "note": 3, "not\u0065": 4}})"),
            "note=first;note'2=x;o.note=1;o.note'2=2;o.note'3=3;o.note'4=4;");
  EXPECT_EQ(cells_of(R"([{"n": 1, "n": {"n": 2}}])"), R"(value=[{"n":1,"n'2":{"n":2}}];)");
}

TEST(JsonDocument, ALongNameIsNotRepeatedForEveryValueBelowIt) {
  for (const size_t bytes : {1025, 100'000}) {
    const std::string name(bytes, 'k');
    EXPECT_EQ(cells_of(R"({")" + name + R"(": {"a": 1, "b": {"c": 2}}})"), name + R"(={"a":1,"b":{"c":2}};)");
  }
  const std::string name(1024, 'k');
  EXPECT_EQ(cells_of(R"({")" + name + R"(": {"a": 1}})"), name + ".a=1;");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += (many.empty() ? "\"" : ",\"") + std::to_string(i) + "\":1";
  EXPECT_EQ(cells_of(R"({")" + name + R"(": {)" + many + "}}"), name + "={" + many + "};");
}

TEST(JsonDocument, WhatIsNoJsonIsSaidWithoutQuotingIt) {
  for (const char* bad : {"", "<html>secret</html>", "{\"a\": 1", "{} {}", "[1,]", "nul"}) {
    try {
      parse_json(bad);
      ADD_FAILURE() << bad;
    } catch (const ReadFailure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::io_error);
      EXPECT_THAT(failure.what(), testing::Not(HasSubstr("secret")));
    }
  }
  EXPECT_NO_THROW(parse_json("{} \n"));
}

TEST(JsonDocument, PathsArePointersOrDotted) {
  const auto root = parse_json(R"({"data": {"items": [10, {"a/b": 20, "~": 30}]}, "a.b": 40})");
  const auto at = [&](std::string_view path) {
    const auto* value = JsonPath(path).find(root);
    return value == nullptr ? "nothing" : boost::json::serialize(*value);
  };
  EXPECT_EQ(at("data.items.0"), "10");
  EXPECT_EQ(at("/data/items/1/a~1b"), "20");
  EXPECT_EQ(at("/data/items/1/~0"), "30");
  EXPECT_EQ(at("/a.b"), "40");
  EXPECT_EQ(at("a.b"), "nothing");
  EXPECT_EQ(at("data.items.2"), "nothing");
  EXPECT_EQ(at("data.items.x"), "nothing");
  EXPECT_EQ(JsonPath("").find(root), &root);
}

class ListedDocuments final : public DocumentSource {
 public:
  explicit ListedDocuments(std::vector<Document> documents) : documents_(std::move(documents)) {}
  bool next(Document& document) override {
    if (at_ == documents_.size()) return false;
    if (documents_[at_].empty()) throw ReadFailure({model::VerdictKind::partial, "broken"});
    document = documents_[at_++];
    return true;
  }

 private:
  std::vector<Document> documents_;
  size_t at_ = 0;
};

StreamRead rows_of_documents(std::vector<Document> documents) {
  auto source = std::make_unique<ListedDocuments>(std::move(documents));
  DocumentSample sample = take_sample(*source);
  DocumentRows rows("t", std::move(sample), std::move(source));
  return parse_stream(read_all(rows));
}

TEST(DocumentRows, ASecondValueOfAPathGoesToTheRest) {
  const StreamRead read = rows_of_documents(
      {{{"a.b", model::CellKind::text, "1", "string"}, {"a.b", model::CellKind::text, "2", "string"}}});
  EXPECT_THAT(read.columns, ElementsAre("a.b", "…"));
  EXPECT_THAT(read.rows, ElementsAre(ElementsAre("1", R"({"a.b": "2"})")));
}

TEST(DocumentRows, ColumnsBeyondTheBoundGoToTheRestWhateverTheyHold) {
  Document wide;
  for (int i = 0; i < 2000; ++i) wide.push_back({"c" + std::to_string(i), model::CellKind::text, "x", "string"});
  wide.push_back({"json", model::CellKind::json, "[1]", "array"});
  wide.push_back({"bytes", model::CellKind::binary, std::string("\0\xff", 2), "binData"});
  wide.push_back({"text", model::CellKind::text, "say \"hi\"", "string"});
  wide.push_back({"…", model::CellKind::text, "not the rest", "string"});
  const StreamRead read = rows_of_documents({wide});
  ASSERT_THAT(read.columns, SizeIs(2001));
  EXPECT_EQ(read.column("…").at(0), R"({"json": [1], "bytes": "AP8=", "text": "say \"hi\"", "…": "not the rest"})");
}

TEST(DocumentRows, WhatWasReadBeforeAFailureStands) {
  auto source =
      std::make_unique<ListedDocuments>(std::vector<Document>{{{"a", model::CellKind::text, "1", "string"}}, {}});
  DocumentSample sample = take_sample(*source);
  DocumentRows rows("t", std::move(sample), std::move(source));
  std::string stream;
  std::string piece(1000, '\0');
  EXPECT_THROW(
      {
        while (const size_t n = rows.read(piece)) stream.append(piece, 0, n);
      },
      ReadFailure);
  const StreamRead read = parse_stream(stream);
  EXPECT_THAT(read.column("a"), ElementsAre("1"));
  EXPECT_FALSE(read.has_ended);
}

}  // namespace
}  // namespace assay::connect
