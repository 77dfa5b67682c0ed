#include "classify/resolver.h"

#include <algorithm>
#include <tuple>

namespace assay::classify {

void Resolver::distrust_before(uint64_t position) {
  is_trusted_ = position == 0;
  trusted_from_ = position;
  reached_ = 0;
  doubtful_ = none;
}

void Resolver::add(const Match& match, std::vector<TraceEntry>* trace, std::vector<Match>& winners) {
  if (!is_trusted_) {
    is_trusted_ = match.begin >= trusted_from_ && match.begin >= reached_;
    if (!is_trusted_) doubtful_ = match.begin;
    reached_ = std::max(reached_, match.end);
  }
  if (!group_.empty() &&
      (match.begin >= group_end_ || group_.size() >= max_group || match.begin - group_begin() > max_group_bytes))
    decide(trace, winners);
  group_end_ = group_.empty() ? match.end : std::max(group_end_, match.end);
  group_.push_back(match);
}

void Resolver::settle_before(uint64_t position, std::vector<TraceEntry>* trace, std::vector<Match>& winners) {
  if (!group_.empty() && group_end_ <= position) decide(trace, winners);
}

void Resolver::finish(std::vector<TraceEntry>* trace, std::vector<Match>& winners) {
  if (!group_.empty()) decide(trace, winners);
}

// One strictly inside the other, and the outer a container of another entity.
bool Resolver::stands_beside(const Match& a, const Match& b) const {
  const Match& outer = a.end - a.begin >= b.end - b.begin ? a : b;
  const Match& inner = &outer == &a ? b : a;
  const bool inside =
      inner.begin >= outer.begin && inner.end <= outer.end && inner.end - inner.begin < outer.end - outer.begin;
  return inside && rules_.rules[outer.rule].is_container && !rules_.rules[inner.rule].is_container;
}

void Resolver::decide(std::vector<TraceEntry>* trace, std::vector<Match>& winners) {
  if (group_.size() == 1) {
    winners.push_back(group_.front());
    if (trace != nullptr) trace->push_back({group_.front(), Drop::reported, 0});
    group_.clear();
    return;
  }
  std::ranges::sort(group_, [this](const Match& a, const Match& b) {
    auto rank = [this](const Match& m) {
      return std::tuple(-m.confidence, -static_cast<int64_t>(m.end - m.begin),
                        -static_cast<int>(rules_.rules[m.rule].source->sensitivity), m.rule, m.pattern, m.begin);
    };
    return rank(a) < rank(b);
  });
  chosen_.clear();
  for (const Match& match : group_) {
    const auto rival = std::ranges::find_if(chosen_, [&](const Match& other) {
      return match.begin < other.end && other.begin < match.end && !stands_beside(match, other);
    });
    const bool wins = rival == chosen_.end();
    if (trace != nullptr)
      trace->push_back({match, wins ? Drop::reported : Drop::overlapped, wins ? match.rule : rival->rule});
    if (wins) chosen_.push_back(match);
  }
  std::ranges::sort(chosen_, [](const Match& a, const Match& b) {
    return std::tuple(a.begin, a.end, a.rule) < std::tuple(b.begin, b.end, b.rule);
  });
  winners.insert(winners.end(), chosen_.begin(), chosen_.end());
  group_.clear();
}

}  // namespace assay::classify
