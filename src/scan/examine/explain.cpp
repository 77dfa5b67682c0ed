// The part of an Examination that answers `assay explain`: every candidate of one line, and what became of it.
#include <algorithm>

#include "classify/count.h"
#include "classify/mask.h"
#include "classify/reasons.h"
#include "core/printable.h"
#include "scan/examine/examination.h"
#include "scan/examine/suppression.h"

namespace assay::scan {
namespace {

constexpr size_t max_explained_line = size_t{16} << 20;
constexpr size_t max_trace = 200'000;

}  // namespace

// Follows the text to the asked line and keeps it.
void Examination::explain_text(std::string_view utf8) {
  for (std::string_view rest = utf8; !rest.empty();) {
    const size_t newline = rest.find('\n');
    const std::string_view piece = rest.substr(0, newline == std::string_view::npos ? rest.size() : newline + 1);
    if (explain_at_line_ + 1 == request_.explain_line)
      line_before_.append(piece.substr(0, max_explained_line - std::min(max_explained_line, line_before_.size())));
    if (explain_at_line_ == request_.explain_line) {
      if (!explained_found_) {
        explained_found_ = true;
        explained_begin_ = explain_offset_;
        explained_line_.clear();
      }
      explained_line_.append(
          piece.substr(0, max_explained_line - std::min(max_explained_line, explained_line_.size())));
    }
    explain_offset_ += piece.size();
    if (newline != std::string_view::npos) ++explain_at_line_;
    rest.remove_prefix(piece.size());
  }
  if (trace_.size() > max_trace)
    std::erase_if(trace_, [this](const classify::TraceEntry& entry) {
      return !explained_found_ || entry.match.begin < explained_begin_ ||
             entry.match.begin >= explained_begin_ + explained_line_.size();
    });
}

void Examination::explain_if_asked(uint64_t row_number) {
  if (!is_explained(row_number)) return;
  send_line_met();
  table_scanner_.explain(row_number);
}

void Examination::on_explained_cell(uint32_t column, std::string_view value, uint64_t begin,
                                    std::span<const classify::TraceEntry> traces) {
  send_traces(traces, begin, begin + value.size(), value, name_of_column(column));
}

void Examination::send_line_met() {
  frame_.clear();
  encode(LineMet{}, frame_);
  reporter_.send(frame_);
}

void Examination::send_traces(std::span<const classify::TraceEntry> traces, uint64_t from, uint64_t to,
                              std::string_view text, std::string_view column) {
  const auto& rules = state_.classifier.rules();
  for (const auto& entry : traces) {
    const classify::Match& match = entry.match;
    if (match.begin < from || match.begin >= to) continue;  // a key of many lines is its first one's
    const model::Rule& rule = *rules.rules[match.rule].source;
    TraceLine line;
    line.line = request_.explain_line;
    const std::string_view value = text.substr(match.begin - from, match.end - match.begin);
    line.line_column = classify::count_code_points(text.substr(0, match.begin - from)) + 1;
    line.length = classify::count_code_points(value);
    line.column = core::printable(column, 256);
    line.rule = rule.name;
    line.entity = rule.entity;
    line.masked = classify::mask(value, rule.entity, rule.category == "secret");
    line.confidence = match.confidence;
    line.reasons = classify::reasons(rules, match);
    const bool is_below = match.confidence < static_cast<float>(state_.setup.min_confidence);
    // Comments suppress in text only.
    const bool may_be_suppressed = entry.drop == classify::Drop::reported && !is_below && column.empty();
    const std::string window = may_be_suppressed ? line_before_ + std::string(text) : std::string();
    const size_t begin = line_before_.size() + match.begin - from;
    if (may_be_suppressed && is_ignored_inline(window, begin, begin + value.size(), rule.entity, rule.name))
      line.fate = "suppressed by what its line says";
    else if (entry.drop == classify::Drop::overlapped)
      line.fate = "overlapped by " + rules.rules[entry.by_rule].source->name;
    else
      line.fate =
          to_string(entry.drop == classify::Drop::reported && is_below ? classify::Drop::below_threshold : entry.drop);
    frame_.clear();
    encode(line, frame_);
    reporter_.send(frame_);
  }
}

}  // namespace assay::scan
