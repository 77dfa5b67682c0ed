#include "coordinate/json_slices.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "core/error.h"

namespace assay::coordinate {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> elements(std::string_view array) {
  std::vector<std::string> out;
  for_each_element(array, [&](std::string_view element) { out.emplace_back(element); });
  return out;
}

TEST(JsonSlices, ShowsElementsAsTheyAreWritten) {
  EXPECT_THAT(elements("[]"), IsEmpty());
  EXPECT_THAT(elements(" [ ] "), IsEmpty());
  EXPECT_THAT(elements(R"([{"a":[1,{"b":"]}"}]} , "x\",]" ,3,null])"),
              ElementsAre(R"({"a":[1,{"b":"]}"}]})", R"("x\",]")", "3", "null"));
  EXPECT_THAT(elements("[\"\\\\\",\"\"]"), ElementsAre("\"\\\\\"", "\"\""));
}

TEST(JsonSlices, RefusesWhatIsNoArray) {
  for (const char* text : {"", "{}", "[", "[1", "[1,", "[1,]", "[,1]", "[1]x", "[\"a]", "[{]", "[{]}]", "[1 2]", "[[1]",
                           "[\"a\\\"]", "]", "[]]", "[1:2]"}) {
    EXPECT_THROW(elements(text), core::Error) << text;
  }
}

TEST(JsonSlices, TakesAnyDepth) {
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  EXPECT_EQ(elements("[" + deep + "]").size(), 1U);
}

TEST(JsonSlices, FindsMembersOfTheObjectItself) {
  const std::string_view object = R"({"in":{"bytes":1}, "bytes" : 42,"path":"a\"b","name":"x"})";
  EXPECT_EQ(number_in(object, "bytes"), 42U);
  EXPECT_EQ(number_in(object, "path"), 0U);
  EXPECT_EQ(number_in(object, "other"), 0U);
  EXPECT_EQ(text_in(object, "name"), "x");
  EXPECT_EQ(text_in(object, "path"), "");
  EXPECT_EQ(member_of(object, "in"), R"({"bytes":1})");
}

TEST(JsonSlices, FindsNothingInWhatIsNoObject) {
  for (const char* text : {"", "[]", "3", "{", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1", "{}"}) {
    EXPECT_EQ(number_in(text, "b"), 0U) << text;
  }
  EXPECT_EQ(number_in(R"({"bytes":-1})", "bytes"), 0U);
  EXPECT_EQ(number_in(R"({"bytes":1.5})", "bytes"), 0U);
  EXPECT_EQ(number_in(R"({"bytes":99999999999999999999999})", "bytes"), 0U);
}

}  // namespace
}  // namespace assay::coordinate
