#include "cli/report/json_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace assay::cli {
namespace {

TEST(JsonText, WritesNumbersAsPeopleDoAndEscapesText) {
  const boost::json::value value = {{"a", 0.95}, {"b", {1, "x\"\n", nullptr, true}}, {"c\"", 1.0}};
  const std::string text = to_text(value);
  EXPECT_EQ(text, R"({"a":0.95,"b":[1,"x\"\n",null,true],"c\"":1})");
  EXPECT_EQ(boost::json::parse(text).at("a").as_double(), 0.95);
}

TEST(JsonText, IsReadAsWhatWasWritten) {
  std::string every_byte;
  for (int c = 1; c < 0x80; ++c) every_byte += static_cast<char>(c);
  every_byte += std::string("\0\0", 2) + "\xc3\xa9\xe2\x82\xac";
  const boost::json::value value = {{every_byte, {every_byte, "", INT64_MIN, UINT64_MAX, false}}};
  EXPECT_EQ(boost::json::parse(to_text(value)), value);
}

TEST(JsonText, WritesAnObjectMemberByMemberAsItsValueWouldBe) {
  std::string out = "before ";
  JsonObjectText object(out);
  object.add("text", "a\"b\t\x01");
  object.add("number", UINT64_MAX);
  object.add("share", 0.95);
  JsonObjectText inner = object.add_object("inner");
  inner.close();
  JsonObjectText second = object.add_object("second");
  second.add("x", uint64_t{0});
  second.close();
  object.add("list", std::vector<std::string>{"", "\\"});
  object.add("none", std::vector<std::string>{});
  object.close();
  const boost::json::value value = {
      {"text", "a\"b\t\x01"},           {"number", UINT64_MAX},           {"share", 0.95},
      {"inner", boost::json::object()}, {"second", {{"x", uint64_t{0}}}}, {"list", {"", "\\"}},
      {"none", boost::json::array()}};
  EXPECT_EQ(out, "before " + to_text(value));
}

}  // namespace
}  // namespace assay::cli
