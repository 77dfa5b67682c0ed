#include "cli/report/formats.h"
#include "cli/report/json_text.h"
#include "cli/report/json_values.h"
#include "cli/report/profile_values.h"

namespace assay::cli {
namespace {

/// One JSON object a line, as results come: findings, columns, profiles, and every object or member that was not read
/// in full. The last line is the summary.
class JsonLinesReport final : public Report {
 public:
  JsonLinesReport(const ReportOptions& options, Output& output) : options_(options), output_(output) {}

  void on_finding(const model::Finding& finding) override {
    text_.clear();
    JsonObjectText object(text_);
    object.add("type", "finding");
    add_members(finding, options_.reveal, object);
    object.close();
    text_ += '\n';
    output_.write(text_);
  }
  void on_column(const model::ColumnFinding& column) override { line(to_json(column)); }
  void on_profile(const model::TableProfile& profile) override { line(to_json(profile, options_.now_s)); }
  void on_object(const model::ObjectRecord& record) override {
    if (record.verdict.kind != model::VerdictKind::ok) line(to_json(record));
  }
  void finish(const scan::ScanSummary& summary) override { line(to_json(summary)); }

 private:
  void line(const boost::json::object& object) { output_.write(to_text(object) + "\n"); }

  ReportOptions options_;
  Output& output_;
  std::string text_;  // working memory
};

/// The same objects in one JSON document: {"findings": [...], "columns": [...], "objects": [...], "profiles": [...],
/// "summary": {...}}, profiles where they were asked for. Findings are streamed; the others follow, kept within a bound
/// that the document names when reached.
class JsonReport final : public Report {
 public:
  JsonReport(const ReportOptions& options, Output& output) : options_(options), output_(output) {
    output_.write("{\n\"findings\": [");
  }

  void on_finding(const model::Finding& finding) override {
    text_ = count_++ == 0 ? "\n" : ",\n";
    JsonObjectText object(text_);
    add_members(finding, options_.reveal, object);
    object.close();
    output_.write(text_);
  }
  void on_column(const model::ColumnFinding& column) override { keep(columns_, to_json(column)); }
  void on_profile(const model::TableProfile& profile) override { keep(profiles_, to_json(profile, options_.now_s)); }
  void on_object(const model::ObjectRecord& record) override {
    if (record.verdict.kind != model::VerdictKind::ok) keep(objects_, to_json(record));
  }
  void finish(const scan::ScanSummary& summary) override {
    output_.write("\n],\n\"columns\": [");
    write_list(columns_);
    output_.write("],\n\"objects\": [");
    write_list(objects_);
    if (!profiles_.empty()) {
      output_.write("],\n\"profiles\": [");
      write_list(profiles_);
    }
    auto last = to_json(summary);
    last.erase("type");
    if (left_out_ != 0) last["left_out_of_this_document"] = left_out_;
    output_.write("],\n\"summary\": " + to_text(last) + "\n}\n");
  }

 private:
  static constexpr size_t max_kept = 100'000;
  static constexpr size_t max_kept_bytes = size_t{256} << 20;

  void keep(std::vector<std::string>& list, boost::json::object&& object) {
    if (list.size() >= max_kept || kept_bytes_ >= max_kept_bytes) {
      ++left_out_;
      return;
    }
    object.erase("type");
    list.push_back(to_text(object));
    kept_bytes_ += list.back().size();
  }
  void write_list(const std::vector<std::string>& list) {
    for (size_t i = 0; i < list.size(); ++i) output_.write((i == 0 ? "\n" : ",\n") + list[i]);
    if (!list.empty()) output_.write("\n");
  }

  ReportOptions options_;
  Output& output_;
  std::string text_;  // working memory
  size_t count_ = 0;
  uint64_t left_out_ = 0;
  size_t kept_bytes_ = 0;
  std::vector<std::string> columns_, objects_, profiles_;
};

}  // namespace

std::unique_ptr<Report> make_jsonl_report(const ReportOptions& options, Output& output) {
  return std::make_unique<JsonLinesReport>(options, output);
}
std::unique_ptr<Report> make_json_report(const ReportOptions& options, Output& output) {
  return std::make_unique<JsonReport>(options, output);
}

}  // namespace assay::cli
