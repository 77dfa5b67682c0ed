#include "classify/candidate.h"

#include <algorithm>

namespace assay::classify {
namespace {

template <typename Place>
bool before(const Place& a, const Place& b) {
  if (a.begin != b.begin) return a.begin < b.begin;
  if (a.end != b.end) return a.end < b.end;
  return a.pattern < b.pattern;
}

// A candidate that is out of place by more is the first of another detector's run.
constexpr size_t max_shift = 32;
// With more runs than detectors give, plain sorting is as good.
constexpr size_t max_runs = 8;

// Merges [middle, end), of which `run` holds a copy meanwhile, into the sorted places before it: from behind, so that
// the long run is not copied, and what is in order already is not touched.
template <typename Place>
void merge_run(std::vector<Place>& places, size_t middle, size_t end, std::vector<Place>& run) {
  run.assign(places.begin() + static_cast<ptrdiff_t>(middle), places.begin() + static_cast<ptrdiff_t>(end));
  size_t to = end, left = middle, right = run.size();
  while (right > 0) {
    if (left > 0 && before(run[right - 1], places[left - 1])) places[--to] = places[--left];
    else places[--to] = run[--right];
  }
}

template <typename Place>
void sort_places(std::vector<Place>& candidates) {
  if (candidates.size() < 2) return;
  std::vector<size_t> runs{0};  // where each run begins
  for (size_t at = 1; at < candidates.size(); ++at) {
    if (!before(candidates[at], candidates[at - 1])) continue;
    size_t place = at;
    while (place > runs.back() && at - place <= max_shift && before(candidates[at], candidates[place - 1])) --place;
    if (at - place > max_shift || place == runs.back()) {
      runs.push_back(at);
    } else {
      const auto first = candidates.begin();
      std::rotate(first + static_cast<ptrdiff_t>(place), first + static_cast<ptrdiff_t>(at),
                  first + static_cast<ptrdiff_t>(at) + 1);
    }
  }
  if (runs.size() > max_runs) {
    std::ranges::sort(candidates, before<Place>);
  } else {
    runs.push_back(candidates.size());
    std::vector<Place> run;
    for (size_t i = 2; i < runs.size(); ++i) merge_run(candidates, runs[i - 1], runs[i], run);
  }
  const auto equal = [](const Place& a, const Place& b) {
    return a.begin == b.begin && a.end == b.end && a.pattern == b.pattern;
  };
  candidates.erase(std::unique(candidates.begin(), candidates.end(), equal), candidates.end());
}

}  // namespace

void sort_candidates(std::vector<Candidate>& candidates) { sort_places(candidates); }
void sort_candidates(std::vector<Match>& matches) { sort_places(matches); }

}  // namespace assay::classify
