#include "cli/report/formats.h"
#include "cli/report/html_facts.h"
#include "cli/report/html_page.h"

namespace assay::cli {
namespace {

/// One page for a person who has nothing but a browser. Written at the end, when everything is known.
class HtmlReport final : public Report {
 public:
  HtmlReport(const ReportOptions& options, const std::vector<model::Rule>& rules, Output& output)
      : facts_(options, rules), output_(output) {}

  void on_finding(const model::Finding& finding) override { facts_.add(finding); }
  void on_column(const model::ColumnFinding& column) override { facts_.add(column); }
  void on_object(const model::ObjectRecord& record) override { facts_.add(record); }
  void finish(const scan::ScanSummary& summary) override { html::write_page(facts_, summary, output_); }

 private:
  html::Facts facts_;
  Output& output_;
};

}  // namespace

std::unique_ptr<Report> make_html_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                         Output& output) {
  return std::make_unique<HtmlReport>(options, rules, output);
}

}  // namespace assay::cli
