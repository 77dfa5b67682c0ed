#include "cli/findings_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/error.h"

namespace assay::cli {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class FindingsWriterTest : public ::testing::Test {
 protected:
  ~FindingsWriterTest() override { std::filesystem::remove(path_); }

  std::string written(const std::string& format, const std::vector<store::StoredFinding>& findings) {
    Output output(path_);
    const auto writer = make_findings_writer(format, output);
    for (const auto& finding : findings) writer->add(finding, "homes");
    writer->finish();
    output.commit();
    std::ifstream file(path_);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  static store::StoredFinding finding(int64_t id) {
    store::StoredFinding stored{.id = id, .job_id = 7, .datasource_id = 3, .finding = {}};
    auto& f = stored.finding;
    f.object = "/srv/a,b.txt";
    f.locator.line = 12;
    f.locator.line_column = 5;
    f.entity = "CREDIT_CARD";
    f.rule = "credit-card";
    f.category = "financial";
    f.sensitivity = model::Sensitivity::critical;
    f.confidence = 0.75;
    f.masked = "=***1111";
    f.fingerprint = "00ff";
    f.reasons = {"one", "two"};
    return stored;
  }

  const std::string path_ = std::filesystem::temp_directory_path() / ("assay-findings-" + std::to_string(::getpid()));
};

TEST_F(FindingsWriterTest, WritesJsonThatHoldsAllOfThem) {
  for (const size_t n : {0U, 1U, 3U}) {
    const auto array = json::parse(written("json", std::vector(n, finding(1)))).as_array();
    EXPECT_EQ(array.size(), n);
  }
  const auto array = json::parse(written("json", {finding(41)})).as_array();
  const auto& first = array.at(0).as_object();
  EXPECT_EQ(first.at("id").as_int64(), 41);
  EXPECT_EQ(first.at("job_id").as_int64(), 7);
  EXPECT_EQ(first.at("source").as_string(), "homes");
  EXPECT_EQ(first.at("entity").as_string(), "CREDIT_CARD");
  EXPECT_FALSE(first.contains("value"));
}

TEST_F(FindingsWriterTest, WritesOneObjectALine) {
  std::istringstream lines(written("jsonl", {finding(1), finding(2)}));
  std::string line;
  for (int64_t id = 1; id <= 2; ++id) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(json::parse(line).as_object().at("id").as_int64(), id);
  }
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(FindingsWriterTest, WritesCsvWithQuotesAndWithoutFormulas) {
  const std::string text = written("csv", {finding(1)});
  EXPECT_THAT(text, StartsWith("id,job_id,source,object,location,entity,"));
  EXPECT_THAT(text, HasSubstr("1,7,homes,\"/srv/a,b.txt\",12:5,CREDIT_CARD,credit-card,financial,critical,0.750,0,0,"
                              "'=***1111,00ff,one; two\r\n"));
  EXPECT_THAT(text, HasSubstr(",fingerprint,reasons\r\n1,7,homes,"));
}

TEST_F(FindingsWriterTest, WritesATable) {
  EXPECT_THAT(written("table", {finding(1)}),
              HasSubstr("CREDIT_CARD        0.75  critical     homes   /srv/a,b.txt 12:5"));
  EXPECT_THROW(written("sarif", {}), core::Error);
}

}  // namespace
}  // namespace assay::cli
