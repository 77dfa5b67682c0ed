#pragma once

#include <vector>

#include "classify/candidate.h"
#include "classify/scratch.h"

namespace assay::classify {

/// Decides between matches that overlap. The rule, in this order: the higher confidence wins; then the longer; then
/// the more sensitive; then the rule that was loaded first. A match inside a container (a URL) stands beside it.
/// Matches come in order of begin; those that overlap, directly or through others, are decided together, so the result
/// does not depend on how the text was cut. At most max_group matches that begin within max_group_bytes are decided
/// together. Where the text begins in the middle of a longer one, is_in_step() tells from where on the decisions are
/// those of the longer one.
class Resolver {
 public:
  static constexpr size_t max_group = 4096;
  static constexpr uint64_t max_group_bytes = uint64_t{64} << 10;

  explicit Resolver(const CompiledRules& rules) : rules_(rules) {}

  /// To be called before a text of which matches that begin before `position` may be wrong or missing.
  void distrust_before(uint64_t position);
  /// False when a match that begins at `position` or behind was decided together with what may be wrong or missing.
  bool is_in_step(uint64_t position) const { return doubtful_ == none || doubtful_ < position; }

  /// `trace` may be null.
  void add(const Match& match, std::vector<TraceEntry>* trace, std::vector<Match>& winners);
  /// Decides what is still open, when no match that begins before `position` can come any more.
  void settle_before(uint64_t position, std::vector<TraceEntry>* trace, std::vector<Match>& winners);
  /// Where the earliest undecided match begins; UINT64_MAX when there is none. Its text must be kept.
  uint64_t group_begin() const { return group_.empty() ? UINT64_MAX : group_.front().begin; }
  void finish(std::vector<TraceEntry>* trace, std::vector<Match>& winners);

 private:
  void decide(std::vector<TraceEntry>* trace, std::vector<Match>& winners);
  bool stands_beside(const Match& a, const Match& b) const;

  const CompiledRules& rules_;
  std::vector<Match> group_;
  std::vector<Match> chosen_;
  uint64_t group_end_ = 0;

  static constexpr uint64_t none = UINT64_MAX;
  bool is_trusted_ = true;     // since a match began where no other one reached
  uint64_t trusted_from_ = 0;  // such a match must begin here or behind
  uint64_t reached_ = 0;       // end of the match that reaches farthest
  uint64_t doubtful_ = none;   // begin of the last match before that
};

}  // namespace assay::classify
