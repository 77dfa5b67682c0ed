#pragma once

#include <atomic>
#include <string>

#include "coordinate/loop.h"
#include "coordinate/orchestration.h"

namespace assay::coordinate {

/// Asks once for all jobs which of those that changed need what (the digest that the other loops live on), and ends
/// what is at its end: PAUSING -> PAUSED, CANCELLING -> CANCELLED, RUNNING -> COMPLETED or FAILED. Keeps the queue's
/// metrics.
class Monitor : public Loop {
 public:
  explicit Monitor(Orchestration& shared);
  std::string_view name() const override { return "monitor"; }
  int64_t turn() override;
  void on_poke() override { poked_ = true; }

 private:
  bool digest();
  void measure();
  bool look_at(const HeldJob& job);
  void over(const HeldJob& job, model::JobStatus status);

  Orchestration& shared_;
  core::Gauge &pending_, &ready_, &running_, &failed_, &dead_, &queued_jobs_, &running_jobs_, &workers_,
      &orchestrators_;
  Random random_;
  Pace pace_;
  std::atomic<bool> poked_{true};
  std::string digested_id_;  // the incarnation that mark_ is of
  bool was_alone_ = false;
  int64_t mark_ = 0;  // how far changes have been seen; 0 none
  int64_t next_full_ms_ = 0;
  int64_t next_measure_ms_ = 0;
};

}  // namespace assay::coordinate
