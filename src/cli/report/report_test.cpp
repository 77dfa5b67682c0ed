#include "cli/report/report.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "cli/report/report_samples.h"
#include "core/error.h"

namespace assay::cli {
namespace {

using namespace testing;
namespace json = boost::json;

TEST(Report, EveryFormatHidesTheValue) {
  for (const auto& format : report_formats())
    EXPECT_EQ(sample_report(format).find(secret_value), std::string::npos) << format;
}

TEST(Report, EveryFormatShowsTheValueWhenRevealed) {
  for (const auto& format : report_formats())
    EXPECT_NE(sample_report(format, true).find(secret_value), std::string::npos) << format;
}

TEST(Report, NoFormatLetsControlBytesThrough) {
  for (const auto& format : report_formats()) {
    const std::string text = sample_report(format);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << format;
    EXPECT_EQ(text.find('\xff'), std::string::npos) << format;
    EXPECT_EQ(text.find("\u202e"), std::string::npos) << format;
  }
}

TEST(Report, UnknownFormatIsRefusedWithTheKnownOnes) {
  const TemporaryDirectory directory;
  Output output(directory.file("x"));
  try {
    make_report({.format = "pdf", .roots = {}, .version = {}}, {}, output);
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_NE(std::string(error.what()).find("sarif"), std::string::npos);
  }
}

TEST(JsonReport, IsOneDocumentWithAllParts) {
  const auto root = json::parse(sample_report("json")).as_object();
  ASSERT_EQ(root.at("findings").as_array().size(), 2U);
  const auto& first = root.at("findings").as_array()[0].as_object();
  EXPECT_EQ(first.at("entity").as_string(), "US_SSN");
  EXPECT_EQ(first.at("locator").as_object().at("line").as_int64(), 3);
  EXPECT_EQ(first.at("end_code_point").as_int64(), 56);
  EXPECT_FALSE(first.contains("value"));
  EXPECT_EQ(root.at("columns").as_array().at(0).as_object().at("share").as_double(), 0.95);
  ASSERT_EQ(root.at("objects").as_array().size(), 1U);
  EXPECT_EQ(root.at("objects").as_array()[0].as_object().at("verdict").as_string(), "ENCRYPTED");
  EXPECT_FALSE(root.at("summary").as_object().at("complete").as_bool());
}

TEST(JsonReport, OfNothingIsValidToo) {
  const TemporaryDirectory directory;
  Output output(directory.file("x"));
  const auto report = make_report({.format = "json", .roots = {}, .version = {}}, {}, output);
  report->finish({});
  output.commit();
  EXPECT_TRUE(json::parse(content_of(directory.file("x"))).as_object().at("findings").as_array().empty());
}

TEST(JsonLinesReport, EveryLineIsAnObjectThatSaysItsTypeAndTheSummaryIsLast) {
  std::istringstream lines(sample_report("jsonl"));
  std::vector<std::string> types;
  for (std::string line; std::getline(lines, line);)
    types.emplace_back(json::parse(line).as_object().at("type").as_string());
  EXPECT_EQ(types, (std::vector<std::string>{"finding", "finding", "column", "object", "summary"}));
}

TEST(JsonLinesReport, AProfileHasItsScoreAndItsColumns) {
  std::istringstream lines(sample_report("jsonl", false, true));
  json::object profile;
  for (std::string line; std::getline(lines, line);)
    if (auto object = json::parse(line).as_object(); object.at("type") == "profile") profile = object;
  EXPECT_EQ(profile.at("object"), "staff.csv");
  EXPECT_EQ(profile.at("rows"), 100);
  EXPECT_EQ(profile.at("is_sample"), false);
  const auto& parts = profile.at("parts").as_object();
  EXPECT_DOUBLE_EQ(parts.at("completeness").to_number<double>(), 0.9);
  EXPECT_DOUBLE_EQ(parts.at("uniqueness").to_number<double>(), 1.0);
  EXPECT_DOUBLE_EQ(parts.at("conformity").to_number<double>(), 0.875);
  EXPECT_DOUBLE_EQ(parts.at("validity").to_number<double>(), 0.5);
  EXPECT_DOUBLE_EQ(profile.at("score").to_number<double>(),
                   0.821);  // (0.9 * 0.30 + 0.15 + 0.875 * 0.25 + 0.5 * 0.20) / 0.90
  const auto& columns = profile.at("columns").as_array();
  ASSERT_EQ(columns.size(), 2U);
  const auto &id = columns[0].as_object(), &ssn = columns[1].as_object();
  EXPECT_EQ(id.at("column"), "id");
  EXPECT_EQ(id.at("read_as"), "integer");
  EXPECT_DOUBLE_EQ(id.at("quantiles").at("p95").to_number<double>(), 95);
  EXPECT_EQ(id.at("length").at("longest"), 3);
  EXPECT_FALSE(id.contains("entity"));
  EXPECT_EQ(ssn.at("values"), 80);
  EXPECT_EQ(ssn.at("distinct"), 70);
  EXPECT_DOUBLE_EQ(ssn.at("confidence").to_number<double>(), 0.988);
  EXPECT_EQ(ssn.at("top_values").at(0).at("value"), "***-**-**45");
  EXPECT_FALSE(ssn.contains("minimum"));
}

TEST(JsonReport, HasProfilesWhenThereAreSome) {
  EXPECT_FALSE(json::parse(sample_report("json")).as_object().contains("profiles"));
  const auto document = json::parse(sample_report("json", false, true));
  ASSERT_EQ(document.at("profiles").as_array().size(), 1U);
  EXPECT_FALSE(document.at("profiles").at(0).as_object().contains("type"));
}

TEST(TableReport, TellsWhatTablesLack) {
  EXPECT_EQ(sample_report("table").find("Quality"), std::string::npos);
  const std::string text = sample_report("table", false, true);
  EXPECT_NE(text.find("Quality of tables"), std::string::npos);
  EXPECT_NE(text.find("0.82  staff.csv"), std::string::npos);
  EXPECT_NE(text.find("completeness 0.80, conformity 0.75, validity 0.50, 2 outliers"), std::string::npos);
  EXPECT_EQ(text.find("  id  "), std::string::npos) << "nothing is said of what is in order";
}

// RFC 4180, read as the standard says.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') rows.back().back() += text[++i];
    else if (c == '"') quoted = !quoted;
    else if (!quoted && c == ',') rows.back().emplace_back();
    else if (!quoted && text.compare(i, 2, "\r\n") == 0) rows.push_back({""}), ++i;
    else rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

TEST(CsvReport, ReadsBackWithTheSameNumberOfCellsInEveryRow) {
  const auto rows = parse_csv(sample_report("csv"));
  ASSERT_EQ(rows.size(), 4U);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
  EXPECT_EQ(rows[1][1], "dir/a b#.txt");
  EXPECT_EQ(rows[2][12], "<img src=x onerror=alert(1)>; a \"quoted\", reason");
  EXPECT_EQ(rows[3][0], "column");
}

TEST(CsvReport, NoCellIsAFormula) {
  for (const auto& row : parse_csv(sample_report("csv")))
    for (const auto& cell : row)
      EXPECT_TRUE(cell.empty() || std::string("=+-@").find(cell[0]) == std::string::npos) << cell;
}

TEST(TableReport, CountsOneAsOneAndShortTimesInMilliseconds) {
  const TemporaryDirectory directory;
  const auto said = [&](uint64_t findings, uint64_t elapsed_ms) {
    Output output(directory.file("x"));
    ReportOptions options;
    options.format = "table";
    const auto report = make_report(options, {}, output);
    scan::ScanSummary summary;
    summary.findings = findings;
    summary.objects = 1;
    summary.elapsed_ms = elapsed_ms;
    report->finish(summary);
    output.commit();
    return content_of(directory.file("x"));
  };
  EXPECT_THAT(said(1, 22), ::testing::HasSubstr("1 finding in 1 object (0 members inside), 0 B, in 22 ms"));
  EXPECT_THAT(said(1'200, 2'040), ::testing::HasSubstr("1,200 findings in 1 object (0 members inside), 0 B, in 2.0 s"));
}

TEST(TableReport, TellsEntitiesAndWhatWasNotRead) {
  const std::string text = sample_report("table");
  EXPECT_NE(text.find("US_SSN"), std::string::npos);
  EXPECT_NE(text.find("ENCRYPTED"), std::string::npos);
  EXPECT_NE(text.find("dir/a b#.txt:3:7"), std::string::npos);
}

}  // namespace
}  // namespace assay::cli
