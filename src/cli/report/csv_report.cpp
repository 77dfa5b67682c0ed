#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "cli/report/csv_text.h"
#include "cli/report/formats.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

/// One row a finding or column verdict.
class CsvReport final : public Report {
 public:
  CsvReport(const ReportOptions& options, Output& output) : options_(options), output_(output) {
    std::vector<std::string> heads = {"type",     "object",      "location",   "entity", "rule",
                                      "category", "sensitivity", "confidence", "start",  "end",
                                      "masked",   "fingerprint", "reasons"};
    if (options.reveal) heads.emplace_back("value");
    output_.write(csv_line(heads));
  }

  void on_finding(const model::Finding& f) override {
    row({"finding", core::printable(f.object, 8192), model::describe(f.locator), f.entity, f.rule, f.category,
         std::string(model::to_string(f.sensitivity)), fmt::format("{:.3f}", f.confidence), std::to_string(f.start),
         std::to_string(f.end), f.masked, f.fingerprint, fmt::format("{}", fmt::join(f.reasons, "; "))},
        options_.reveal ? &f.value.reveal() : nullptr);
  }
  void on_column(const model::ColumnFinding& c) override {
    static const std::string none;
    row({"column", core::printable(c.object, 8192), model::describe(c.locator), c.entity, c.rule, c.category,
         std::string(model::to_string(c.sensitivity)), fmt::format("{:.3f}", c.confidence), "", "", "", "",
         fmt::format("{}", fmt::join(c.reasons, "; "))},
        options_.reveal ? &none : nullptr);
  }
  void on_object(const model::ObjectRecord&) override {}
  void finish(const scan::ScanSummary&) override {}

 private:
  void row(std::vector<std::string> cells, const std::string* value) {
    if (value != nullptr) cells.push_back(core::printable(*value, 8192));
    output_.write(csv_line(cells));
  }

  ReportOptions options_;
  Output& output_;
};

}  // namespace

std::unique_ptr<Report> make_csv_report(const ReportOptions& options, Output& output) {
  return std::make_unique<CsvReport>(options, output);
}

}  // namespace assay::cli
