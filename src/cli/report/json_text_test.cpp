#include "cli/report/json_text.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace assay::cli {
namespace {

TEST(JsonText, WritesNumbersAsPeopleDoAndEscapesText) {
  const boost::json::value value = {{"a", 0.95}, {"b", {1, "x\"\n", nullptr, true}}, {"c\"", 1.0}};
  const std::string text = to_text(value);
  EXPECT_EQ(text, R"({"a":0.95,"b":[1,"x\"\n",null,true],"c\"":1})");
  EXPECT_EQ(boost::json::parse(text).at("a").as_double(), 0.95);
}

}  // namespace
}  // namespace assay::cli
