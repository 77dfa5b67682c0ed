#include "coordinate/watchdog.h"

namespace assay::coordinate {

Watchdog::Watchdog(const Runtime& runtime, const WorkerOptions& options, Workbench& bench)
    : runtime_(runtime),
      options_(options),
      bench_(bench),
      fenced_(runtime.metrics.counter("assay_worker_fenced_total", "How often this worker fenced itself.")),
      abandoned_(
          runtime.metrics.counter("assay_attempts_abandoned_total", "Attempts that did not stop when asked to.")) {}

int64_t Watchdog::turn() {
  if (bench_.identity().incarnation != 0 && bench_.is_fenced()) {
    if (const size_t lost = bench_.fence(); lost > 0) {
      fenced_.add();
      runtime_.log.warning("the heartbeat could not be renewed in time; drops what is in hand", {{"tasks", lost}});
    }
  }
  bench_.enforce_deadlines();
  if (const size_t count = bench_.abandon_hung(options_.stop_grace_ms); count > 0) {
    abandoned_.add(count);
    runtime_.log.error("handlers did not stop when asked to; their slots are given up", {{"tasks", count}});
    if (on_abandoned) on_abandoned(count);
  }
  return 250;
}

}  // namespace assay::coordinate
