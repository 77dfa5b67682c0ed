#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "model/work.h"
#include "store/store.h"

namespace assay::cli {

/// How fast a job advances, from what was seen of it during the last half minute.
class ProgressMeter {
 public:
  void add(int64_t now_ms, const model::ProgressDelta& work);
  double objects_per_s() const;
  double bytes_per_s() const;
  /// Seconds until all that was discovered is dealt with; nullopt while nothing advances.
  std::optional<double> remaining_s() const;

 private:
  struct Sample {
    int64_t at_ms = 0;
    uint64_t objects = 0, bytes = 0;
  };
  std::deque<Sample> samples_;
  uint64_t objects_left_ = 0, bytes_left_ = 0;
};

/// Objects that need no more work: done, skipped or failed.
uint64_t objects_over(const model::ProgressDelta& work) noexcept;
uint64_t bytes_over(const model::ProgressDelta& work) noexcept;

/// "job 7 RUNNING  120 of 400 objects  1.2 GB of 3.0 GB  80 MB/s  12 findings  ETA 23 s": one line for a person.
std::string progress_line(const store::JobRow& job, const store::ProgressRow& sum, const ProgressMeter& meter);

}  // namespace assay::cli
