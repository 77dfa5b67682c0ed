// The part of an Examination that sees to names in places of findings: of tables and columns, and what is made of them.
#include <algorithm>

#include "classify/count.h"
#include "core/printable.h"
#include "scan/examine/examination.h"

namespace assay::scan {
namespace {

constexpr size_t longest_plain_part = 24;

// "comments", "shared strings": what extractors call parts, and no piece of what they read.
bool is_plain_part(std::string_view name) {
  return name.size() <= longest_plain_part &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == ' '; });
}

}  // namespace

// The names of the table in work become what is shown of them.
void Examination::hide_names() {
  if (request_.is_join) return;  // parts say them as they are shown
  KnownNames& names = levels_.back().names;
  if (names.table != table_.name || names.columns != table_.columns) {
    names.table = table_.name;
    names.columns = table_.columns;
    std::vector<std::string_view> views{names.table};
    views.insert(views.end(), names.columns.begin(), names.columns.end());
    names.matches =
        matches_in_names(state_.classifier, state_.scratch, static_cast<float>(state_.setup.min_confidence), views);
    names.hidden = {};
  }
  if (!state_.setup.reveal) names.hidden.hide(table_, state_.classifier.rules(), names.matches);
}

// What is in the names was found, too; where they are cells of a row that comes, it is found there.
void Examination::report_names() {
  const bool is_first_part = !request_.is_join && request_.rows_part.value_or(RowsPart{}).number == 0;
  if (is_muted() || request_.explain_line != 0 || !is_first_part || !levels_.back().names.takes()) return;
  for (const NameMatch& found : levels_.back().names.matches) {
    if (found.name != 0 && table_.header_row != 0) continue;
    if (!state_.rule_is_reported[found.match.rule]) continue;
    model::Finding finding = describe(found.match, found.value);
    finding.locator.part = "names";
    finding.locator.table = table_.name;
    if (found.name != 0) finding.locator.column = name_of_column(found.name - 1);
    finding.start = found.begin;
    finding.end = found.begin + found.value.size();
    finding.start_code_point = found.code_point;
    finding.end_code_point = found.code_point + classify::count_code_points(found.value);
    report(found.match, finding);
  }
}

// A part's name may be a cell's place, with the names of its table and column.
std::string Examination::shown_part(const std::string& name) {
  if (is_plain_part(name) || state_.setup.reveal) return name;
  const std::string shown = levels_.back().names.hidden.hide(name);
  const std::string_view view = shown;
  const auto matches = matches_in_names(state_.classifier, state_.scratch,
                                        static_cast<float>(state_.setup.min_confidence), std::span(&view, 1));
  return masked_name(state_.classifier.rules(), shown, matches);
}

}  // namespace assay::scan
