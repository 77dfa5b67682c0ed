#pragma once

#include <cstdint>
#include <vector>

#include "classify/validators/validator.h"

namespace assay::classify {

/// A place where a pattern matched and its validator did not object.
struct Candidate {
  uint64_t begin = 0;  ///< bytes in the component's text
  uint64_t end = 0;
  uint32_t pattern = 0;  ///< index into CompiledRules::patterns
  Check check = Check::plausible;
};

/// Sorts by begin, end and pattern, and drops equals. Detectors give their candidates nearly in order, each its own
/// run, which this makes use of.
void sort_candidates(std::vector<Candidate>& candidates);

/// How a confidence came about.
struct Evidence {
  static constexpr int32_t none = -1;
  float base = 0;  ///< of the pattern, or the validated confidence
  Check check = Check::plausible;
  int32_t phrase = none;  ///< the context phrase that helped most (WordDictionary)
  float boost = 0;
  bool phrase_is_name = false;  ///< it stood in the key or the column's name
  int32_t negative_phrase = none;
  float penalty = 0;
  float column_share = 0;  ///< share of the column's values that agree, when that lifted the confidence
  bool operator==(const Evidence&) const = default;
};

/// A scored candidate.
struct Match {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint32_t rule = 0;     ///< index into CompiledRules::rules
  uint32_t pattern = 0;  ///< index into CompiledRules::patterns
  float confidence = 0;
  Evidence evidence;
};

void sort_candidates(std::vector<Match>& matches);

/// Why a candidate was not reported; for `assay explain`.
enum class Drop : uint8_t {
  reported,
  boundary,  ///< it is a piece of something longer
  validator,
  allow_list,
  context_required,
  below_threshold,
  overlapped,  ///< by a better one
  crosses_cells,
};

struct TraceEntry {
  Match match;
  Drop drop = Drop::reported;
  uint32_t by_rule = 0;  ///< overlapped: the winner's rule
};

}  // namespace assay::classify
