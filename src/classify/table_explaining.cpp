// The part of a TableScanner that tells what became of every candidate in one row, for `assay explain`.
#include <algorithm>
#include <iterator>
#include <utility>

#include "classify/table_scanner.h"

namespace assay::classify {

// The batch was judged; all that is known of its columns is what that judgement went by. So the row is searched once
// more, nothing being dropped early, and its candidates are judged in the same way.
void TableScanner::explain_cells() {
  const auto is_of_row = [this](const Cell& cell) { return cell.row == explained_row_; };
  const auto first = std::ranges::find_if(cells_, is_of_row);
  if (first == cells_.end()) return;
  // From where detectors reach into it, and not all of the batch: one of its cells may be millions of bytes.
  auto from = first;
  while (from != cells_.begin() && first->begin - std::prev(from)->begin < Detector::reach_after) --from;
  const size_t begin = from == cells_.begin() ? 0 : std::prev(from)->end;
  const auto last = std::find_if(cells_.rbegin(), cells_.rend(), is_of_row);
  const size_t size = buffer_.size() - survey_padding;
  const size_t end = std::min(size, last->end + Detector::reach_before);
  const Window window{std::string_view(buffer_).substr(0, size), 0};
  std::vector<TraceEntry> traces;
  std::vector<TraceEntry>* const outer = std::exchange(scratch_.trace, &traces);
  is_explaining_ = true;
  scratch_.survey.clear();
  survey_window(window.text, begin, end, classifier_.rules().keywords, scratch_.survey);
  candidates_.clear();
  near_cell_ = 0;
  for (const auto& detector : classifier_.detectors())
    detector->detect(window, begin, end, scratch_.survey, scratch_, *this);
  sort_candidates(candidates_);
  judge_explained(window, traces);
  is_explaining_ = false;
  scratch_.trace = outer;

  std::vector<TraceEntry> of_cell;
  for (const Cell& cell : cells_) {
    if (cell.row != explained_row_) continue;
    of_cell.clear();
    std::ranges::copy_if(traces, std::back_inserter(of_cell), [&cell](const TraceEntry& entry) {
      return entry.match.begin >= cell.begin && entry.match.end <= cell.end;
    });
    sink_.on_explained_cell(cell.column, window.text.substr(cell.begin, cell.end - cell.begin), cell.begin, of_cell);
  }
}

// What the scan dropped before it knew its column is not lifted here either.
void TableScanner::judge_explained(const Window& window, std::vector<TraceEntry>& traces) {
  scorer_.start_window();
  Resolver resolver(classifier_.rules());
  winners_.clear();
  near_cell_ = 0;
  for (const Candidate& candidate : candidates_) {
    const Cell& cell = cells_[cell_around(candidate.begin)];
    const CompiledPattern& pattern = classifier_.rules().patterns[candidate.pattern];
    const bool is_valid = pattern.check != nullptr && candidate.check == Check::valid;
    const bool was_kept = is_valid || !is_beyond_lift(pattern, candidate.begin, candidate.end, cell);
    const Match match = judge_afresh(window, candidate, cell, was_kept && fills_cell(candidate, cell));
    if (match.confidence > 0) {
      resolver.add(match, &traces, winners_);
      continue;
    }
    const bool is_missing_context =
        classifier_.rules().rules[match.rule].context_required && match.evidence.phrase == Evidence::none;
    traces.push_back({match, is_missing_context ? Drop::context_required : Drop::below_threshold, 0});
  }
  resolver.finish(&traces, winners_);
}

}  // namespace assay::classify
