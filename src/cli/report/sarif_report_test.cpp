#include <boost/json.hpp>

#include "cli/report/report_samples.h"
#include "cli/report/sarif_values.h"

namespace assay::cli {
namespace {

using namespace testing;
namespace json = boost::json;

json::object sample_run(bool reveal = false) {
  return json::parse(sample_report("sarif", reveal)).as_object().at("runs").as_array().at(0).as_object();
}

TEST(SarifReport, HasWhatTheSchemaRequires) {
  const auto root = json::parse(sample_report("sarif")).as_object();
  EXPECT_EQ(root.at("version").as_string(), "2.1.0");
  ASSERT_EQ(root.at("runs").as_array().size(), 1U);
  const auto& driver = root.at("runs").as_array()[0].as_object().at("tool").as_object().at("driver").as_object();
  EXPECT_EQ(driver.at("name").as_string(), "Assay");
  EXPECT_EQ(driver.at("version").as_string(), "1.2.3");
  const auto& rule = driver.at("rules").as_array().at(0).as_object();
  EXPECT_EQ(rule.at("id").as_string(), "us-ssn");
  EXPECT_EQ(rule.at("shortDescription").as_object().at("text").as_string(), "Social Security number");
  EXPECT_EQ(rule.at("defaultConfiguration").as_object().at("level").as_string(), "error");
  EXPECT_EQ(json::serialize(rule.at("properties").as_object().at("tags")),
            R"(["sensitive-data","US_SSN","government_id","CCPA","HIPAA"])");
}

TEST(SarifReport, ResultSaysRulePlaceAndFingerprint) {
  const auto run = sample_run();
  const auto& results = run.at("results").as_array();
  ASSERT_EQ(results.size(), 3U);
  const auto& result = results[0].as_object();
  EXPECT_EQ(result.at("ruleId").as_string(), "us-ssn");
  EXPECT_EQ(result.at("ruleIndex").as_int64(), 0);
  EXPECT_EQ(result.at("level").as_string(), "error");
  EXPECT_EQ(result.at("partialFingerprints").as_object().at("assay/v1").as_string(),
            "0123456789abcdef0123456789abcdef");
  const auto& place = result.at("locations").as_array().at(0).as_object().at("physicalLocation").as_object();
  EXPECT_EQ(place.at("artifactLocation").as_object().at("uri").as_string(), "dir/a%20b%23.txt");
  EXPECT_EQ(json::serialize(place.at("region")), R"({"startLine":3,"startColumn":7})");
}

TEST(SarifReport, InsideAMemberThereAreLogicalLocationsAndNoRegion) {
  const auto run = sample_run();
  const auto& location = run.at("results").as_array().at(1).as_object().at("locations").as_array().at(0).as_object();
  EXPECT_FALSE(location.at("physicalLocation").as_object().contains("region"));
  std::vector<std::string> kinds;
  for (const auto& logical : location.at("logicalLocations").as_array())
    kinds.emplace_back(logical.as_object().at("kind").as_string());
  EXPECT_EQ(kinds, (std::vector<std::string>{"member", "table", "column", "row", "cell"}));
}

TEST(SarifReport, RowsOfAFileHaveALineButNoOffsets) {
  auto finding = sample_finding();
  finding.locator.row = 3;
  finding.locator.line_column = 0;
  finding.locator.column = "ssn";
  const auto result = sarif::result(finding, -1, false);
  const auto& region =
      result.at("locations").as_array().at(0).as_object().at("physicalLocation").as_object().at("region");
  EXPECT_EQ(json::serialize(region), R"({"startLine":3})");
  EXPECT_FALSE(result.contains("ruleIndex"));
}

TEST(SarifReport, WhatWasNotReadIsANotification) {
  const auto run = sample_run();
  const auto& invocation = run.at("invocations").as_array().at(0).as_object();
  EXPECT_TRUE(invocation.at("executionSuccessful").as_bool());
  const auto& notifications = invocation.at("toolExecutionNotifications").as_array();
  ASSERT_EQ(notifications.size(), 1U);
  EXPECT_EQ(notifications[0].as_object().at("descriptor").as_object().at("id").as_string(), "ENCRYPTED");
  EXPECT_EQ(notifications[0].as_object().at("message").as_object().at("text").as_string(),
            "Not read in full (ENCRYPTED): needs a <password>");
}

TEST(SarifReport, IsCutAtItsBoundAndSaysSo) {
  const TemporaryDirectory directory;
  Output output(directory.file("x"));
  const auto report = make_report({.format = "sarif", .roots = {}, .version = {}}, {sample_rule()}, output);
  const auto finding = sample_finding();
  for (int i = 0; i < 100'002; ++i) report->on_finding(finding);
  auto summary = sample_summary();
  summary.interrupted = true;
  report->finish(summary);
  output.commit();
  const auto root = json::parse(content_of(directory.file("x")));
  const auto& run = root.as_object().at("runs").as_array().at(0).as_object();
  EXPECT_EQ(run.at("results").as_array().size(), 100'000U);
  const auto& invocation = run.at("invocations").as_array().at(0).as_object();
  EXPECT_FALSE(invocation.at("executionSuccessful").as_bool());
  const auto& notifications = invocation.at("toolExecutionNotifications").as_array();
  ASSERT_EQ(notifications.size(), 2U);
  EXPECT_EQ(notifications[0].as_object().at("descriptor").as_object().at("id").as_string(), "results_left_out");
  EXPECT_EQ(notifications[1].as_object().at("descriptor").as_object().at("id").as_string(), "interrupted");
}

TEST(SarifUri, EncodesEveryByteThatIsNotUnreserved) {
  EXPECT_EQ(sarif::uri_of("./a/b.txt"), "a/b.txt");
  EXPECT_EQ(sarif::uri_of("/srv/x y"), "file:///srv/x%20y");
  EXPECT_EQ(sarif::uri_of("c:d?e#f%"), "c%3Ad%3Fe%23f%25");
  EXPECT_EQ(sarif::uri_of("\xff\n"), "%FF%0A");
  EXPECT_EQ(sarif::uri_of("-"), "-");
}

TEST(SarifLevel, FollowsSensitivity) {
  EXPECT_EQ(sarif::level_of(model::Sensitivity::critical), "error");
  EXPECT_EQ(sarif::level_of(model::Sensitivity::high), "error");
  EXPECT_EQ(sarif::level_of(model::Sensitivity::medium), "warning");
  EXPECT_EQ(sarif::level_of(model::Sensitivity::low), "note");
}

}  // namespace
}  // namespace assay::cli
