#pragma once

#include <functional>

#include "coordinate/loop.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

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
  core::Counter &fenced_, &abandoned_;
};

}  // namespace assay::coordinate
