#pragma once

#include "coordinate/loop.h"
#include "coordinate/orchestration.h"

namespace assay::coordinate {

/// Looks after what nobody looks after: tasks whose retry is due, tasks of dead workers, tasks held too long, rows of
/// dead processes, tasks of jobs that ended long ago. Of all node groups; any orchestrator may, at any time.
class Reaper : public Loop {
 public:
  explicit Reaper(Orchestration& shared);
  std::string_view name() const override { return "reaper"; }
  int64_t turn() override;

 private:
  /// A kind of work with its own times. True: it did a full batch, and there may be more.
  bool retry();
  bool rescue();
  bool sweep();
  void rescued(size_t tasks, core::Counter& counter, std::string_view what);

  Orchestration& shared_;
  core::Counter &retried_, &of_dead_workers_, &overdue_, &removed_;
  Random random_;
  int64_t next_retry_ms_ = 0, next_rescue_ms_ = 0, next_sweep_ms_ = 0;
};

}  // namespace assay::coordinate
