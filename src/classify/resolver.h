#pragma once

#include <vector>

#include "classify/candidate.h"
#include "classify/scratch.h"

namespace assay::classify {

/// Decides between matches that overlap. The rule, in this order: the higher confidence wins; then the longer; then
/// the more sensitive; then the rule that was loaded first. A match inside a container (a URL) stands beside it.
/// Matches come in order of begin; those that overlap, directly or through others, are decided together, so the result
/// does not depend on how the text was cut. At most max_group matches that begin within max_group_bytes are decided
/// together.
class Resolver {
 public:
  static constexpr size_t max_group = 4096;
  static constexpr uint64_t max_group_bytes = uint64_t{64} << 10;

  explicit Resolver(const CompiledRules& rules) : rules_(rules) {}

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
};

}  // namespace assay::classify
