#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "coordinate/runtime.h"

namespace assay::coordinate {

/// When a datasource's circuit breaker opens, and for how long.
struct BreakerPolicy {
  uint32_t threshold = 5;  ///< transient failures in a row
  int64_t open_ms = 30'000;
};

/// Tells the store how datasources fare: each failure, and a success only when failures were told before, so that what
/// goes well costs nothing. Thread-safe.
class SourceWatch {
 public:
  SourceWatch(const Runtime& runtime, BreakerPolicy policy);

  /// An attempt at a task of that source ended well, or with a transient error. 0: no source, ignored. Never throws
  /// core::Error: a breaker that could not be told is told next time.
  void succeeded(int64_t datasource_id);
  void failed(int64_t datasource_id);

 private:
  void tell(int64_t datasource_id, bool ok);

  Runtime runtime_;
  BreakerPolicy policy_;
  core::Counter& opened_;
  std::mutex mutex_;
  std::map<int64_t, model::BreakerState> in_trouble_;  // at most one entry a datasource
};

}  // namespace assay::coordinate
