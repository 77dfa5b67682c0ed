#include <fmt/format.h>

#include <unordered_map>

#include "cli/human.h"
#include "cli/report/formats.h"
#include "cli/report/json_text.h"
#include "cli/report/sarif_values.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

/// SARIF 2.1.0 for code scanning platforms and editors: one run, results streamed as they come. What was not read in
/// full, and what no longer went into the document, stands in the notifications of the run's invocation.
class SarifReport final : public Report {
 public:
  SarifReport(const ReportOptions& options, const std::vector<model::Rule>& rules, Output& output)
      : options_(options), output_(output) {
    for (const auto& rule : rules) rule_index_.emplace(rule.name, static_cast<int>(rule_index_.size()));
    output_.write(
        "{\n\"$schema\": "
        "\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",\n"
        "\"version\": \"2.1.0\",\n\"runs\": [{\n\"tool\": {\"driver\": {\"name\": \"Assay\", ");
    if (!options.version.empty()) output_.write("\"version\": " + to_text(json::value(options.version)) + ", ");
    output_.write("\"rules\": [");
    for (size_t i = 0; i < rules.size(); ++i)
      output_.write((i == 0 ? "\n" : ",\n") + to_text(sarif::descriptor(rules[i])));
    output_.write("\n]}},\n\"columnKind\": \"unicodeCodePoints\",\n\"results\": [");
  }

  void on_finding(const model::Finding& finding) override {
    if (has_room()) write_result(sarif::result(finding, index_of(finding.rule), options_.reveal));
  }
  void on_column(const model::ColumnFinding& column) override {
    if (has_room()) write_result(sarif::result(column, index_of(column.rule)));
  }
  void on_object(const model::ObjectRecord& record) override {
    if (model::is_complete(record.verdict.kind)) return;
    if (notifications_.size() < max_notifications) notifications_.push_back(to_text(sarif::notification(record)));
    else ++unread_left_out_;
  }

  void finish(const scan::ScanSummary& summary) override {
    auto notify = [this](std::string_view id, const std::string& message) {
      notifications_.push_back(to_text(sarif::notification(id, message)));
    };
    if (results_left_out_ != 0)
      notify(
          "results_left_out",
          fmt::format("{} further results are not in this document, which holds at most {}; --format jsonl lists all.",
                      human_count(results_left_out_), human_count(max_results)));
    if (unread_left_out_ != 0)
      notify("notifications_left_out", fmt::format("{} further objects were not read in full; --ledger FILE lists all.",
                                                   human_count(unread_left_out_)));
    if (summary.interrupted)
      notify("interrupted", "The scan was interrupted; the results are what was found until then.");

    output_.write("\n],\n\"invocations\": [{\"executionSuccessful\": ");
    output_.write(summary.interrupted ? "false" : "true");
    output_.write(", \"toolExecutionNotifications\": [");
    for (size_t i = 0; i < notifications_.size(); ++i) output_.write((i == 0 ? "\n" : ",\n") + notifications_[i]);
    output_.write("\n]}],\n\"properties\": " + to_text(json::object{{"objects", summary.objects},
                                                                    {"members", summary.members},
                                                                    {"bytes", summary.bytes},
                                                                    {"findings", summary.findings},
                                                                    {"suppressed", summary.suppressed},
                                                                    {"known", summary.known},
                                                                    {"complete", summary.complete()},
                                                                    {"elapsed_ms", summary.elapsed_ms}}));
    output_.write("\n}]\n}\n");
  }

 private:
  static constexpr uint64_t max_results = 100'000;
  static constexpr size_t max_notifications = 10'000;

  int index_of(const std::string& rule) const {
    const auto found = rule_index_.find(rule);
    return found == rule_index_.end() ? -1 : found->second;
  }
  bool has_room() {
    if (results_ < max_results) return true;
    ++results_left_out_;
    return false;
  }
  void write_result(const json::object& result) { output_.write((results_++ == 0 ? "\n" : ",\n") + to_text(result)); }

  ReportOptions options_;
  Output& output_;
  std::unordered_map<std::string, int> rule_index_;
  uint64_t results_ = 0, results_left_out_ = 0, unread_left_out_ = 0;
  std::vector<std::string> notifications_;
};

}  // namespace

std::unique_ptr<Report> make_sarif_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                          Output& output) {
  return std::make_unique<SarifReport>(options, rules, output);
}

}  // namespace assay::cli
