#include "cli/columns_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/error.h"

namespace assay::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class ColumnsWriterTest : public ::testing::Test {
 protected:
  ~ColumnsWriterTest() override { std::filesystem::remove(path_); }

  std::string written(const std::string& format, size_t count) {
    Output output(path_);
    const auto writer = make_columns_writer(format, output);
    for (size_t i = 0; i < count; ++i) writer->add(column(), "homes");
    writer->finish();
    output.commit();
    std::ifstream file(path_);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  static store::StoredColumn column() {
    store::StoredColumn stored{.id = 5, .job_id = 7, .datasource_id = 3, .column = {}};
    auto& f = stored.column;
    f.object = "/srv/a,b.xlsx";
    f.locator.table = "Staff";
    f.locator.column = "=card";
    f.entity = "CREDIT_CARD";
    f.rule = "credit-card";
    f.category = "financial";
    f.sensitivity = model::Sensitivity::critical;
    f.confidence = 0.9;
    f.values = 2'000;
    f.agreeing = 1'990;
    f.reasons = {"one", "two"};
    return stored;
  }

  const std::string path_ = std::filesystem::temp_directory_path() / ("assay-columns-" + std::to_string(::getpid()));
};

TEST_F(ColumnsWriterTest, WritesJsonThatHoldsAllOfThem) {
  for (const size_t n : {0U, 1U, 3U}) EXPECT_EQ(json::parse(written("json", n)).as_array().size(), n);
  const auto first = json::parse(written("json", 1)).as_array().at(0).as_object();
  EXPECT_EQ(first.at("id").as_int64(), 5);
  EXPECT_EQ(first.at("job_id").as_int64(), 7);
  EXPECT_EQ(first.at("source").as_string(), "homes");
  EXPECT_EQ(first.at("locator").at("column").as_string(), "=card");
  EXPECT_EQ(first.at("agreeing").to_number<int>(), 1'990);
  EXPECT_EQ(first.at("values").to_number<int>(), 2'000);
  const std::string lines = written("jsonl", 2);
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  EXPECT_EQ(json::parse(lines.substr(0, lines.find('\n'))).as_object(), first);
}

TEST_F(ColumnsWriterTest, WritesTablesAndCsv) {
  EXPECT_THAT(written("table", 1), HasSubstr("1,990 of 2,000"));
  const std::string csv = written("csv", 1);
  EXPECT_THAT(csv, HasSubstr("5,7,homes,\"/srv/a,b.xlsx\","));
  EXPECT_THAT(csv, HasSubstr(",CREDIT_CARD,credit-card,financial,critical,0.900,2000,1990,one; two\r\n"));
  EXPECT_THAT(csv, HasSubstr(",agreeing,reasons\r\n5,7,homes,"));
}

TEST_F(ColumnsWriterTest, KnowsNoOtherFormat) {
  Output output(path_);
  EXPECT_THROW(make_columns_writer("xml", output), core::Error);
}

}  // namespace
}  // namespace assay::cli
