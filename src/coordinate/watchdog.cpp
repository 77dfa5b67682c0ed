#include "coordinate/watchdog.h"

namespace assay::coordinate {
namespace {

core::Counter& fenced(const Runtime& runtime) {
  return runtime.metrics.counter("assay_worker_fenced_total", "How often this worker fenced itself.");
}

}  // namespace

void fence_if_silent(const Runtime& runtime, Workbench& bench) {
  if (!bench.is_fenced()) return;
  const auto lost = bench.fence();
  if (!lost) return;
  fenced(runtime).add();
  runtime.log.warning("the heartbeat could not be renewed in time; drops what is in hand", {{"tasks", *lost}});
}

Watchdog::Watchdog(const Runtime& runtime, const WorkerOptions& options, Workbench& bench)
    : runtime_(runtime),
      options_(options),
      bench_(bench),
      abandoned_(
          runtime.metrics.counter("assay_attempts_abandoned_total", "Attempts that did not stop when asked to.")) {
  fenced(runtime_);  // shown from the beginning
}

int64_t Watchdog::turn() {
  fence_if_silent(runtime_, bench_);
  bench_.enforce_deadlines();
  if (const size_t count = bench_.abandon_hung(options_.stop_grace_ms); count > 0) {
    abandoned_.add(count);
    runtime_.log.error("handlers did not stop when asked to; their slots are given up", {{"tasks", count}});
    if (on_abandoned) on_abandoned(count);
  }
  return 250;
}

}  // namespace assay::coordinate
