#pragma once

#include <functional>

#include "coordinate/loop.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

/// Fences the bench when its heartbeat ran out, and says so: once an incarnation, whoever notices first, the watchdog
/// or the heart that is about to enlist anew, and whatever was in hand.
void fence_if_silent(const Runtime& runtime, Workbench& bench);

/// Looks after time, and asks the store nothing, so that a store that does not answer cannot hold it up: fences the
/// worker when its heartbeat could not be renewed in time, asks attempts to stop at their deadline, and gives up those
/// that do not.
class Watchdog : public Loop {
 public:
  Watchdog(const Runtime& runtime, const WorkerOptions& options, Workbench& bench);
  std::string_view name() const override { return "watchdog"; }
  int64_t turn() override;
  /// Slots were given up with the hung attempts in them; set before anything runs.
  std::function<void(size_t)> on_abandoned;

 private:
  Runtime runtime_;
  const WorkerOptions& options_;
  Workbench& bench_;
  core::Counter& abandoned_;
};

}  // namespace assay::coordinate
