#include "connect/mongodb/bson_document.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "connect/mongodb/catalog.h"

namespace assay::connect::mongodb {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::string cells_of(const bson_t& bson) {
  Document document;
  EXPECT_TRUE(append_cells(bson, document));
  std::string all;
  for (const DocumentCell& cell : document) all += cell.path + "(" + std::string(cell.type) + ")=" + cell.bytes + ";";
  return all;
}

std::string cells_of_json(const std::string& json) { return cells_of(*bson_of(json)); }

TEST(BsonDocument, EveryTypeHasItsText) {
  EXPECT_EQ(cells_of_json(R"({"_id": {"$oid": "507f1f77bcf86cd799439011"}, "s": "x", "i": 1, "l": {"$numberLong": "-5"},
                              "d": 1.5, "n": {"$numberDecimal": "12.340"}, "b": true, "z": null})"),
            "_id(objectId)=507f1f77bcf86cd799439011;s(string)=x;i(int)=1;l(long)=-5;d(double)=1.5;n(decimal)=12.340;"
            "b(bool)=true;");
  EXPECT_EQ(
      cells_of_json(R"({"t": {"$date": {"$numberLong": "1700000000123"}}, "before": {"$date": {"$numberLong": "-1"}},
                              "far": {"$date": {"$numberLong": "9223372036854775807"}},
                              "ts": {"$timestamp": {"t": 1700000000, "i": 1}}})"),
      "t(date)=2023-11-14T22:13:20.123Z;before(date)=1969-12-31T23:59:59.999Z;far(date)=9223372036854775807;"
      "ts(timestamp)=2023-11-14T22:13:20.000Z;");
  EXPECT_EQ(cells_of_json(R"({"u": {"$binary": {"base64": "ASNFZ4mrze8BI0VniavN7w==", "subType": "04"}},
                              "bin": {"$binary": {"base64": "AP8=", "subType": "00"}}, "m": {"$minKey": 1},
                              "r": {"$regularExpression": {"pattern": "a.b", "options": "i"}}, "c": {"$code": "f"}})"),
            std::string("u(uuid)=01234567-89ab-cdef-0123-456789abcdef;bin(binData)=") + std::string("\0\xff", 2) +
                ";m(minKey)=MinKey;r(regex)=/a.b/i;c(javascript)=f;");
}

TEST(BsonDocument, DocumentsAreTakenApartAndListsAreJson) {
  EXPECT_EQ(cells_of_json(R"({"a": {"b": {"c": 1}, "l": ["x", 2, null]}, "o": [{"n": 1}, ["y"]], "e": [], "f": {}})"),
            R"(a.b.c(int)=1;a.l(array)=["x",2,null];o(array)=[{"n":1},["y"]];)");
  EXPECT_EQ(cells_of_json(R"({"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}})"),
            R"(a.b.c.d.e.f.g.h(object)={"i":1};)");
  EXPECT_EQ(cells_of_json(R"({"l": ["x", {"$binary": {"base64": "AP8=", "subType": "00"}}]})"),
            R"(l(array)=["x","AP8="];)");
}

TEST(BsonDocument, ALongNameIsNotRepeatedForEveryValueBelowIt) {
  for (const size_t bytes : {1025, 100'000}) {
    const std::string name(bytes, 'k');
    EXPECT_EQ(cells_of_json(R"({")" + name + R"(": {"a": 1, "b": {"c": 2}}})"),
              name + R"((object)={"a":1,"b":{"c":2}};)");
  }
  const std::string name(1024, 'k');
  EXPECT_EQ(cells_of_json(R"({")" + name + R"(": {"a": 1}})"), name + ".a(int)=1;");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += (many.empty() ? "\"" : ",\"") + std::to_string(i) + "\":1";
  EXPECT_EQ(cells_of_json(R"({")" + name + R"(": {)" + many + "}}"), name + "(object)={" + many + "};");
}

TEST(BsonDocument, ANameThatStandsTwiceIsReadTwice) {
  bson_t inner;
  bson_init(&inner);
  BSON_APPEND_UTF8(&inner, "n", "first");
  BSON_APPEND_UTF8(&inner, "n", "second");
  bson_t outer;
  bson_init(&outer);
  bson_t list;
  BSON_APPEND_ARRAY_BEGIN(&outer, "l", &list);
  BSON_APPEND_DOCUMENT(&list, "0", &inner);
  bson_append_array_end(&outer, &list);
  BSON_APPEND_DOCUMENT(&outer, "d", &inner);
  EXPECT_EQ(cells_of(outer), R"(l(array)=[{"n":"first","n'2":"second"}];d.n(string)=first;d.n(string)=second;)");
  bson_destroy(&inner);
  bson_destroy(&outer);
}

TEST(BsonDocument, ANameThatStandsManyTimesTakesNoLongerForThat) {
  constexpr int times = 200'000;
  bson_t inner;
  bson_init(&inner);
  for (int i = 0; i < times; ++i) BSON_APPEND_BOOL(&inner, "n", true);
  bson_t list;
  bson_init(&list);
  BSON_APPEND_DOCUMENT(&list, "0", &inner);
  bson_t outer;
  bson_init(&outer);
  BSON_APPEND_ARRAY(&outer, "l", &list);
  const std::string cells = cells_of(outer);
  EXPECT_EQ(std::ranges::count(cells, ':'), times);
  EXPECT_EQ(cells.substr(cells.size() - 20), R"(e,"n'200000":true}];)");
  bson_destroy(&inner);
  bson_destroy(&list);
  bson_destroy(&outer);
}

TEST(BsonDocument, ATextThatIsNoUtf8ComesAsItIs) {
  bson_t bson;
  bson_init(&bson);
  BSON_APPEND_UTF8(&bson, "s", "a\xff z");
  EXPECT_EQ(cells_of(bson), "s(string)=a\xff z;");
  bson_destroy(&bson);
}

TEST(BsonDocument, WhatIsCutOrSpoiltIsSaidAndWhatCameBeforeStands) {
  const Bson whole = bson_of(R"({"a": "first", "d": {"x": "inner"}, "l": ["p", ["q"]]})");
  const std::string bytes(reinterpret_cast<const char*>(bson_get_data(whole.get())), whole.get()->len);
  int malformed = 0;
  for (size_t at = 4; at + 1 < bytes.size(); ++at)
    for (const char byte : {'\0', '\x7f', '\xff'}) {
      std::string spoilt = bytes;
      spoilt[at] = byte;
      bson_t bson;
      if (!bson_init_static(&bson, reinterpret_cast<const uint8_t*>(spoilt.data()), spoilt.size())) continue;
      Document document;
      malformed += append_cells(bson, document) ? 0 : 1;
      if (at > 20) {
        ASSERT_FALSE(document.empty()) << at;
        EXPECT_EQ(document[0].bytes, "first");
      }
    }
  EXPECT_GT(malformed, 20);
}

TEST(BsonDocument, AVeryDeepListIsNotFollowedToItsEnd) {
  Bson bson = bson_of(R"({"x": 1})");
  for (int i = 0; i < 200; ++i) {
    Bson around(bson_new());
    BSON_APPEND_ARRAY(around.get(), "0", bson.get());
    bson = std::move(around);
  }
  Document document;
  EXPECT_FALSE(append_cells(*bson, document));
}

TEST(Catalog, AJsonSchemaSaysWhatColumnsAre) {
  const Bson options = bson_of(R"({"validator": {"$jsonSchema": {"description": "people", "required": ["name"],
      "properties": {"name": {"description": "family name"}, "address": {"properties": {"zip": {"description": "postcode"}}},
                     "n": {"bsonType": "int"}}}}})");
  CollectionDetails details;
  read_schema(*options, details);
  EXPECT_EQ(details.comment, "people");
  EXPECT_THAT(details.comments, UnorderedElementsAre(Pair("name", "family name"), Pair("address.zip", "postcode")));
  EXPECT_THAT(details.required_paths, ElementsAre("name"));
  CollectionDetails none;
  read_schema(*bson_of(R"({"validator": {"n": {"$gt": 3}}})"), none);
  EXPECT_EQ(none.comment, "");
  EXPECT_TRUE(none.comments.empty());
}

}  // namespace
}  // namespace assay::connect::mongodb
