#pragma once

#include "coordinate/loop.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

/// The heartbeat of a worker: registers it, renews its row at a third of its time to live, and registers a new
/// incarnation when the store has forgotten it or its fence has passed. On the way it looks what became of the jobs in
/// hand, so that tasks of cancelled ones stop soon and those of paused ones go back.
class Heart : public Loop {
 public:
  Heart(const Runtime& runtime, const WorkerOptions& options, Workbench& bench);
  std::string_view name() const override { return "heart"; }
  int64_t turn() override;
  /// Gives back what the worker holds, and its row.
  void resign();

 private:
  void enlist();
  void beat();
  void check_jobs();

  Runtime runtime_;
  const WorkerOptions& options_;
  Workbench& bench_;
  core::Counter &beats_, &incarnations_;
  core::Gauge &queued_, &running_, &unrecorded_, &abandoned_;
  Random random_;
  int64_t next_beat_ms_ = 0;
  int64_t next_check_ms_ = 0;
};

}  // namespace assay::coordinate
