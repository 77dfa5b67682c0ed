#include "scan/filtering_sink.h"

#include <boost/json.hpp>

#include "scan/scan_samples.h"

namespace assay::scan {
namespace {

using namespace testing;

TEST(FilteringSink, PassesEverythingOnWithoutOptions) {
  Recording inner;
  FilteringSink sink(inner, {});
  sink.on_finding(sample_finding());
  sink.on_column({});
  sink.on_object({});
  EXPECT_EQ(inner.findings.size(), 1U);
  EXPECT_EQ(inner.columns.size(), 1U);
  EXPECT_EQ(inner.objects.size(), 1U);
  EXPECT_FALSE(sink.has_failing_finding());
}

TEST(FilteringSink, SecondRunWithTheBaselineOfTheFirstReportsOnlyWhatIsNew) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("baseline.json");
  Recording first;
  FilteringSink writing(first, {.write_baseline = path, .key_id = "k"});
  writing.on_finding(sample_finding("old.txt"));
  ScanSummary summary;
  summary.findings = 1;
  writing.finish(summary);
  EXPECT_EQ(summary.findings, 1U);

  Recording second;
  FilteringSink reading(second, {.baseline = path, .write_baseline = path, .key_id = "k", .fail_on = {"any"}});
  reading.on_finding(sample_finding("old.txt"));
  EXPECT_FALSE(reading.has_failing_finding());
  reading.on_finding(sample_finding("new.txt"));
  EXPECT_TRUE(reading.has_failing_finding());
  ScanSummary after;
  after.findings = 2;
  reading.finish(after);
  ASSERT_EQ(second.findings.size(), 1U);
  EXPECT_EQ(second.findings[0].object, "new.txt");
  EXPECT_EQ(after.known, 1U);
  EXPECT_EQ(after.findings, 1U);
  EXPECT_EQ(Baseline::load(path, "k").size(), 2U);
}

TEST(FilteringSink, SuppressedFindingsAreCountedAndStayOutOfTheBaseline) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("baseline.json");
  Recording inner;
  FilteringSink sink(
      inner, {.write_baseline = path,
              .suppressions = directory.write("s.yaml", "suppressions:\n  - {path: 'tests/**', reason: made up}\n"),
              .key_id = "k",
              .fail_on = {"US_SSN"}});
  sink.on_finding(sample_finding("tests/a.txt"));
  ScanSummary summary;
  summary.findings = 1;
  summary.suppressed = 4;
  sink.finish(summary);
  EXPECT_TRUE(inner.findings.empty());
  EXPECT_FALSE(sink.has_failing_finding());
  EXPECT_EQ(summary.findings, 0U);
  EXPECT_EQ(summary.suppressed, 5U);
  EXPECT_EQ(Baseline::load(path, "k").size(), 0U);
}

TEST(FilteringSink, FailsOnTheNamedEntitiesOnly) {
  Recording inner;
  FilteringSink sink(inner, {.fail_on = {"CREDIT_CARD"}});
  sink.on_finding(sample_finding());
  EXPECT_FALSE(sink.has_failing_finding());
  auto card = sample_finding();
  card.entity = "CREDIT_CARD";
  sink.on_finding(card);
  EXPECT_TRUE(sink.has_failing_finding());
}

TEST(FilteringSink, LedgerHasEveryRecordAsOneLine) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("ledger.jsonl");
  Recording inner;
  FilteringSink sink(inner, {.ledger = path});
  sink.on_object(
      {.object = "a\n\xff.zip", .member = "b.txt", .format = "text", .bytes = 5, .findings = 2, .verdict = {}});
  sink.on_object({.object = "c",
                  .member = {},
                  .format = {},
                  .bytes = 0,
                  .findings = 0,
                  .verdict = {model::VerdictKind::io_error, "Permission denied"}});
  ScanSummary summary;
  sink.finish(summary);
  std::istringstream lines(content_of(path));
  std::vector<boost::json::object> records;
  for (std::string line; std::getline(lines, line);) records.push_back(boost::json::parse(line).as_object());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].at("object").as_string(), "a\\x0a\\xff.zip");
  EXPECT_EQ(records[0].at("member").as_string(), "b.txt");
  EXPECT_EQ(records[0].at("verdict").as_string(), "OK");
  EXPECT_EQ(records[1].at("reason").as_string(), "Permission denied");
  EXPECT_EQ(inner.objects.size(), 2U);
}

TEST(FilteringSink, PlacesThatCannotBeWrittenAreErrors) {
  const TemporaryDirectory directory;
  Recording inner;
  EXPECT_THROW(FilteringSink(inner, {.ledger = directory.file("no/such")}), core::Error);
  FilteringSink full(inner, {.ledger = "/dev/full"});
  full.on_object({});
  ScanSummary summary;
  EXPECT_THROW(full.finish(summary), core::Error);
  FilteringSink unwritable(inner, {.write_baseline = directory.file("no/such"), .key_id = "k"});
  EXPECT_THROW(unwritable.finish(summary), core::Error);
}

TEST(FilteringSink, MissingInputsAreErrorsBeforeTheScanStarts) {
  const TemporaryDirectory directory;
  Recording inner;
  EXPECT_THROW(FilteringSink(inner, {.baseline = directory.file("none"), .key_id = "k"}), core::Error);
  EXPECT_THROW(FilteringSink(inner, {.suppressions = directory.file("none")}), core::Error);
}

}  // namespace
}  // namespace assay::scan
