#include "scan/examine/range_places.h"

#include "classify/count.h"

namespace assay::scan {

void TextMeasure::add(std::string_view utf8, std::span<const extract::LeftOut> left_out) {
  bytes += utf8.size();
  const size_t lines = classify::count_byte(utf8, '\n');
  newlines += lines;
  const size_t behind = lines == 0 ? 0 : utf8.rfind('\n') + 1;
  const size_t tail = classify::count_code_points(utf8.substr(behind));
  tail_code_points = lines == 0 ? tail_code_points + tail : tail;
  for (const auto& [at, characters] : left_out)
    if (at > behind || lines == 0) tail_code_points += characters;
  code_points += tail + classify::count_code_points(utf8.substr(0, behind));
}

void RangePlaces::pass(std::string_view utf8, std::span<const extract::LeftOut> left_out) {
  if (has_ended_) return;
  (has_begun_ ? range_ : before_).add(utf8, left_out);
}

void RangePlaces::relate(model::Finding& finding) const {
  finding.start -= before_.bytes;
  finding.end -= before_.bytes;
  finding.start_code_point -= before_.code_points;
  finding.end_code_point -= before_.code_points;
  finding.locator.line -= before_.newlines;
  if (finding.locator.line == 1) finding.locator.line_column -= before_.tail_code_points;
}

}  // namespace assay::scan
