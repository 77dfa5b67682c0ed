#include "coordinate/backoff.h"

#include <algorithm>

namespace assay::coordinate {

int64_t backoff_ms(const BackoffPolicy& policy, int64_t failures, Random& random) noexcept {
  int64_t most = std::min(policy.base_ms, policy.cap_ms);
  for (int64_t i = 1; i < failures && most < policy.cap_ms; ++i) most = std::min(most * 2, policy.cap_ms);
  return random.between(0, most);
}

model::FailureKind failure_kind(core::ErrorKind kind) noexcept {
  return kind == core::ErrorKind::transient ? model::FailureKind::transient : model::FailureKind::permanent;
}

int64_t Pace::idle(Random& random) noexcept {
  const int64_t wait = std::min(current_ms_, most_ms_);
  current_ms_ = std::min(wait * 2, most_ms_);
  return random.between(wait - wait / 4, wait);
}

}  // namespace assay::coordinate
