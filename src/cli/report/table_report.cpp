#include <fmt/format.h>

#include <algorithm>

#include "cli/human.h"
#include "cli/report/formats.h"
#include "cli/report/quality_section.h"
#include "cli/report/totals.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

using model::Sensitivity;

/// For a person at a terminal: what was found by entity and by folder, samples of where, and what could not be read.
class TableReport final : public Report {
 public:
  TableReport(const ReportOptions& options, Output& output)
      : options_(options), output_(output), totals_(options.roots), quality_(options.now_s) {}

  void on_finding(const model::Finding& finding) override { totals_.add(finding); }
  void on_column(const model::ColumnFinding& column) override { totals_.add(column); }
  void on_profile(const model::TableProfile& profile) override { quality_.add(profile); }
  void on_object(const model::ObjectRecord& record) override { totals_.add(record); }

  void finish(const scan::ScanSummary& summary) override {
    write_entities();
    write_samples();
    write_columns();
    write_quality();
    write_folders();
    write_unread();
    write_summary(summary);
  }

 private:
  static constexpr size_t max_rows = 25;

  std::string paint(std::string_view text, std::string_view code) const {
    return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  std::string paint(std::string_view text, Sensitivity sensitivity) const {
    switch (sensitivity) {
      case Sensitivity::critical: return paint(text, "1;31");
      case Sensitivity::high: return paint(text, "31");
      case Sensitivity::medium: return paint(text, "33");
      case Sensitivity::low: return paint(text, "36");
    }
    return std::string(text);
  }
  void title(std::string_view text) { output_.write(paint(text, "1") + "\n"); }

  void write_entities() {
    const auto entities = totals_.entities();
    if (entities.empty()) return;
    title("Found");
    output_.write(fmt::format("  {:<30} {:<10} {:>10} {:>8}  {}\n", "entity", "sensitivity", "findings", "objects",
                              "confidence"));
    for (const auto* e : entities)
      output_.write(fmt::format(
          "  {} {} {:>10} {:>8}  {:.2f} (best {:.2f})\n", paint(fmt::format("{:<30}", e->name), e->sensitivity),
          fmt::format("{:<11}", model::to_string(e->sensitivity)), human_count(e->findings), human_count(e->objects),
          e->confidence_sum / static_cast<double>(e->findings), e->best));
    output_.write("\n");
  }

  void write_samples() {
    const auto entities = totals_.entities();
    if (entities.empty()) return;
    title("Where (the first of each; --format jsonl lists all)");
    for (const auto* e : entities) {
      size_t shown = 0;
      for (const auto& f : e->samples) {
        if (++shown > 3) break;
        const std::string value = options_.reveal ? core::printable(f.value.reveal(), 120) : f.masked;
        output_.write(fmt::format("  {} {:.2f}  {}  {}\n", paint(fmt::format("{:<30}", e->name), e->sensitivity),
                                  f.confidence, place(f), value));
      }
    }
    output_.write("\n");
  }

  static std::string place(const model::Finding& f) {
    const std::string object = core::printable(f.object, 4096);
    const auto& l = f.locator;
    // file:line:column opens in editors.
    if (l.member.empty() && l.part.empty() && l.page == 0 && l.table.empty() && l.line != 0 && l.column.empty())
      return fmt::format("{}:{}:{}", object, l.line, l.line_column);
    const std::string rest = model::describe(l);
    return rest.empty() ? object : object + " " + rest;
  }

  void write_columns() {
    if (totals_.columns().empty()) return;
    title("Columns");
    size_t shown = 0;
    for (const auto& c : totals_.columns()) {
      if (++shown > max_rows) break;
      output_.write(fmt::format(
          "  {} {:.2f}  {} {}  {} of {} values\n", paint(fmt::format("{:<30}", c.entity), c.sensitivity), c.confidence,
          core::printable(c.object, 4096), model::describe(c.locator), human_count(c.agreeing), human_count(c.values)));
    }
    if (totals_.columns().size() > max_rows)
      output_.write(fmt::format("  ... and {} more\n", totals_.columns().size() - max_rows));
    output_.write("\n");
  }

  void write_quality() {
    const auto lines = quality_.lines();
    if (lines.empty()) return;
    title("Quality of tables, the lowest first");
    for (const auto& line : lines) output_.write(line + "\n");
    output_.write("\n");
  }

  void write_folders() {
    const auto folders = totals_.folders();
    if (folders.size() < 2) return;
    title("By folder");
    size_t shown = 0;
    for (const auto& [name, folder] : folders) {
      if (++shown > max_rows) break;
      output_.write(fmt::format(
          "  {:>10}  {}{}\n", human_count(folder->findings), core::printable(name, 4096),
          folder->sensitive == 0 ? "" : fmt::format("  ({} of high sensitivity)", human_count(folder->sensitive))));
    }
    if (folders.size() > max_rows) output_.write(fmt::format("  ... and {} more folders\n", folders.size() - max_rows));
    output_.write("\n");
  }

  void write_unread() {
    if (totals_.unread().empty()) return;
    title("Not read in full");
    size_t shown = 0;
    for (const auto& r : totals_.unread()) {
      if (++shown > max_rows) break;
      std::string name = core::printable(r.object, 4096);
      if (!r.member.empty()) name += "!/" + r.member;
      output_.write(fmt::format("  {} {}{}{}\n", paint(fmt::format("{:<12}", model::to_string(r.verdict.kind)), "35"),
                                name, r.verdict.reason.empty() ? "" : ": ", core::printable(r.verdict.reason, 300)));
    }
    const uint64_t total = totals_.unread().size() + totals_.unread_left_out();
    if (total > max_rows)
      output_.write(fmt::format("  ... and {} more; --ledger FILE lists all\n", human_count(total - max_rows)));
    output_.write("\n");
  }

  void write_summary(const scan::ScanSummary& s) {
    const double seconds = std::max(0.001, static_cast<double>(s.elapsed_ms) / 1000);
    const std::string time = s.elapsed_ms < 100 ? fmt::format("{} ms", s.elapsed_ms) : fmt::format("{:.1f} s", seconds);
    output_.write(fmt::format("{} in {} ({} inside), {}, in {} ({:.0f} MB/s).\n", counted(s.findings, "finding"),
                              counted(s.objects, "object"), counted(s.members, "member"), human_bytes(s.bytes), time,
                              static_cast<double>(s.bytes) / 1e6 / seconds));
    std::string extra;
    if (s.suppressed != 0) extra += fmt::format(" {} suppressed.", human_count(s.suppressed));
    if (s.known != 0) extra += fmt::format(" {} known from the baseline.", human_count(s.known));
    std::string verdicts;
    for (size_t i = 0; i < s.verdicts.size(); ++i)
      if (s.verdicts[i] != 0)
        verdicts += fmt::format("{}{} {}", verdicts.empty() ? "" : ", ", human_count(s.verdicts[i]),
                                model::to_string(static_cast<model::VerdictKind>(i)));
    output_.write(fmt::format("Coverage: {}.{}{}\n", verdicts.empty() ? "nothing was there" : verdicts, extra,
                              s.interrupted ? " Interrupted." : ""));
  }

  ReportOptions options_;
  Output& output_;
  Totals totals_;
  QualitySection quality_;
};

}  // namespace

std::unique_ptr<Report> make_table_report(const ReportOptions& options, Output& output) {
  return std::make_unique<TableReport>(options, output);
}

}  // namespace assay::cli
