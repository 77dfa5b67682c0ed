#pragma once

#include <cstdint>

#include "coordinate/random.h"
#include "core/error.h"
#include "model/work.h"

namespace assay::coordinate {

/// How long to wait after failures in a row.
struct BackoffPolicy {
  int64_t base_ms = 1'000;  ///< the most after the first failure
  int64_t cap_ms = 300'000;
};

/// Exponential backoff with full jitter: evenly from 0 to min(cap, base * 2^(failures - 1)) (M. Brooker, "Exponential
/// backoff and jitter", AWS architecture blog, 2015), so that those who failed together do not come back together.
int64_t backoff_ms(const BackoffPolicy& policy, int64_t failures, Random& random) noexcept;

/// Whether another attempt may succeed after an error of that kind: only transient ones are tried again.
model::FailureKind failure_kind(core::ErrorKind kind) noexcept;

/// The wait of a loop that looks for work: `least` after it found some, then twice as long each time, up to `most`.
class Pace {
 public:
  Pace(int64_t least_ms, int64_t most_ms) : least_ms_(least_ms), most_ms_(most_ms), current_ms_(least_ms) {}

  void reset() noexcept { current_ms_ = least_ms_; }
  /// What an idle turn waits: three quarters of the current wait up to all of it, by chance; the next is twice as long.
  int64_t idle(Random& random) noexcept;
  void set_most(int64_t most_ms) noexcept { most_ms_ = most_ms; }
  int64_t least_ms() const noexcept { return least_ms_; }

 private:
  int64_t least_ms_, most_ms_, current_ms_;
};

}  // namespace assay::coordinate
