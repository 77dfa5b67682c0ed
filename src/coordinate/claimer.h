#pragma once

#include <atomic>

#include "coordinate/loop.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

/// Claims READY tasks for a worker, in batches as large as what its slots do in a quarter of a second. Waits 20 ms to
/// 500 ms while there are none. A task that must run alone is asked for when nothing is in hand; a worker that is
/// always busy empties itself for that once a minute.
class Claimer : public Loop {
 public:
  Claimer(const Runtime& runtime, const WorkerOptions& options, std::vector<std::string> kinds, Workbench& bench);
  std::string_view name() const override { return "claimer"; }
  int64_t turn() override;
  void on_poke() override { poked_ = true; }

 private:
  bool empties_itself(int64_t now);

  Runtime runtime_;
  const WorkerOptions& options_;
  std::vector<std::string> kinds_;
  Workbench& bench_;
  core::Counter& claimed_;
  core::Histogram& claim_s_;
  Random random_;
  Pace pace_;
  std::atomic<bool> poked_{false};
  int64_t next_emptying_ms_ = 0;
  int64_t emptying_patience_ms_ = 10'000;
};

}  // namespace assay::coordinate
