#include <boost/json.hpp>

#include "cli/report/html_facts.h"
#include "cli/report/html_script.h"
#include "cli/report/html_style.h"
#include "cli/report/html_text.h"
#include "cli/report/report_samples.h"

namespace assay::cli {
namespace {

using namespace testing;
namespace json = boost::json;

json::object data_of(const std::string& page) {
  const std::string opening = "<script type=\"application/json\" id=\"data\">";
  const size_t begin = page.find(opening) + opening.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin)).as_object();
}

TEST(HtmlReport, HasNoScriptOrElementFromData) {
  const std::string page = sample_report("html");
  EXPECT_EQ(count_of(page, "<script"), 2U);
  EXPECT_EQ(count_of(page, "</script"), 2U);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<b>Sheet"), std::string::npos);
  EXPECT_EQ(page.find("<i>ssn"), std::string::npos);
  EXPECT_EQ(page.find("<password>"), std::string::npos);
  EXPECT_NE(page.find("&lt;password&gt;"), std::string::npos);
}

TEST(HtmlReport, LoadsNothingAndRunsOnlyItsOwnScript) {
  const std::string page = sample_report("html");
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("script-src " + html::csp_hash(html::script)), std::string::npos);
  EXPECT_NE(page.find("style-src " + html::csp_hash(html::style)), std::string::npos);
  EXPECT_NE(page.find("<script>" + std::string(html::script) + "</script>"), std::string::npos);
  EXPECT_EQ(page.find("unsafe-inline"), std::string::npos);
  for (const char* outside :
       {"src=\"", "http://", "https://", "@import", "url(", "<link", "<iframe", " style=\"", " onclick="})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST(HtmlReport, DataBlockHoldsTheFindingsAsText) {
  const auto data = data_of(sample_report("html"));
  ASSERT_EQ(data.at("rows").as_array().size(), 2U);
  ASSERT_EQ(data.at("objects").as_array().size(), 2U);
  EXPECT_EQ(data.at("objects").as_array()[0].as_string(), "dir/a b#.txt");
  EXPECT_NE(data.at("objects").as_array()[1].as_string().find(
                "</script><script>alert(1)</script>\"'&,\\x0a\\x1b[31m\\xff=cmd"),
            json::string::npos);
  EXPECT_EQ(data.at("rows").as_array()[0].as_array().at(6).as_string(), "***-**-**45");
}

TEST(HtmlReport, TellsHeadlinesCoverageAndRegulations) {
  const std::string page = sample_report("html");
  EXPECT_NE(page.find("2 pieces of sensitive data were found in 2 of 3 objects."), std::string::npos);
  EXPECT_NE(page.find("75.0 %"), std::string::npos);
  EXPECT_NE(page.find("HIPAA"), std::string::npos);
  EXPECT_NE(page.find("Needs a password or key"), std::string::npos);
  EXPECT_NE(page.find("95 of 100"), std::string::npos);
}

TEST(HtmlReport, OfNothingSaysSo) {
  const TemporaryDirectory directory;
  Output output(directory.file("x"));
  const auto report = make_report({.format = "html", .roots = {}, .version = {}}, {}, output);
  report->finish({});
  output.commit();
  const std::string page = content_of(directory.file("x"));
  EXPECT_NE(page.find("No sensitive data was found"), std::string::npos);
  EXPECT_NE(page.find("every object and member was read to its end"), std::string::npos);
}

TEST(HtmlReport, CoverageIsNeverRoundedUpToAll) {
  const TemporaryDirectory directory;
  Output output(directory.file("x"));
  const auto report = make_report({.format = "html", .roots = {}, .version = {}}, {}, output);
  scan::ScanSummary summary;
  summary.objects = 1'000'000;
  summary.verdicts[static_cast<size_t>(model::VerdictKind::ok)] = 999'999;
  summary.verdicts[static_cast<size_t>(model::VerdictKind::crash)] = 1;
  report->finish(summary);
  output.commit();
  EXPECT_NE(content_of(directory.file("x")).find("99.9 %"), std::string::npos);
}

TEST(HtmlFacts, KeepTheMostSensitiveAndMostCertain) {
  html::Facts facts({.format = "html", .roots = {}, .version = {}}, {sample_rule()});
  auto finding = sample_finding();
  finding.sensitivity = model::Sensitivity::low;
  for (size_t i = 0; i < html::Facts::max_rows; ++i) facts.add(finding);
  finding.confidence = 0.99;
  facts.add(finding);
  finding.sensitivity = model::Sensitivity::critical;
  finding.confidence = 0.5;
  facts.add(finding);
  const auto rows = facts.take_rows();
  ASSERT_EQ(rows.size(), html::Facts::max_rows);
  EXPECT_EQ(rows[0].sensitivity, model::Sensitivity::critical);
  EXPECT_EQ(rows[1].confidence, 0.99);
  EXPECT_EQ(rows[2].order, 1U);
  EXPECT_EQ(facts.findings(), html::Facts::max_rows + 2);
}

TEST(HtmlText, CspHashIsThatOfTheStandardsExample) {
  // CSP Level 3, section 8.3: the hash of alert('Hello, world.');
  EXPECT_EQ(html::csp_hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
}

}  // namespace
}  // namespace assay::cli
