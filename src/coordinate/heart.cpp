#include "coordinate/heart.h"

#include <algorithm>

#include "coordinate/process.h"
#include "coordinate/watchdog.h"

namespace assay::coordinate {
namespace {

constexpr size_t most_jobs_checked = 32;  // statements in one turn

}  // namespace

Heart::Heart(const Runtime& runtime, const WorkerOptions& options, Workbench& bench)
    : runtime_(runtime),
      options_(options),
      bench_(bench),
      beats_(runtime.metrics.counter("assay_heartbeats_total", "Heartbeats of this worker.")),
      incarnations_(runtime.metrics.counter("assay_worker_incarnations_total", "How often this worker registered.")),
      queued_(runtime.metrics.gauge("assay_worker_tasks", "Tasks in hand.", {{"state", "queued"}})),
      running_(runtime.metrics.gauge("assay_worker_tasks", "Tasks in hand.", {{"state", "running"}})),
      unrecorded_(runtime.metrics.gauge("assay_worker_tasks", "Tasks in hand.", {{"state", "unrecorded"}})),
      abandoned_(runtime.metrics.gauge("assay_worker_tasks", "Tasks in hand.", {{"state", "abandoned"}})),
      random_(options.seed != 0 ? options.seed + 3 : random_seed()) {}

int64_t Heart::turn() {
  if (bench_.is_to_be_replaced()) {
    if (bench_.is_draining() && bench_.identity().incarnation != 0) return options_.job_check_ms;  // ends anyway
    enlist();
  }
  if (runtime_.clock.monotonic_ms() >= next_beat_ms_) beat();
  if (runtime_.clock.monotonic_ms() >= next_check_ms_) check_jobs();
  const Workbench::Counts counts = bench_.counts();
  queued_.set(static_cast<double>(counts.queued));
  running_.set(static_cast<double>(counts.running));
  unrecorded_.set(static_cast<double>(counts.unrecorded));
  abandoned_.set(static_cast<double>(counts.abandoned));
  return std::max<int64_t>(1, std::min(next_beat_ms_, next_check_ms_) - runtime_.clock.monotonic_ms());
}

void Heart::enlist() {
  const Workbench::Identity before = bench_.identity();
  fence_if_silent(runtime_, bench_);
  if (const auto lost = bench_.fence(); lost && *lost > 0) {
    runtime_.log.warning("starts anew; what was in hand goes back", {{"tasks", *lost}});
  }
  if (before.incarnation != 0) runtime_.store.unregister_worker(before.worker_id);
  const int64_t begun = runtime_.clock.monotonic_ms();
  const store::ProcessIdentity identity = this_process(options_.name, options_.node_group, random_);
  runtime_.store.register_worker(identity, options_.ttl_ms);
  bench_.enlist(identity.id, begun + options_.ttl_ms);
  incarnations_.add();
  next_beat_ms_ = begun + options_.ttl_ms / 3;
  runtime_.log.info("worker registered", {{"worker", identity.id}, {"name", identity.name}});
}

void Heart::beat() {
  const Workbench::Identity identity = bench_.identity();
  const int64_t begun = runtime_.clock.monotonic_ms();  // before asking: what is held is held from here on
  if (!runtime_.store.heartbeat_worker(identity.worker_id, options_.ttl_ms, bench_.is_draining())) {
    const size_t lost = bench_.fence().value_or(0);
    runtime_.log.warning("the store does not know this worker any more",
                         {{"worker", identity.worker_id}, {"tasks", lost}});
    next_beat_ms_ = begun;
    next_check_ms_ = begun;
    return;
  }
  bench_.renewed(identity.incarnation, begun + options_.ttl_ms);
  beats_.add();
  next_beat_ms_ = begun + options_.ttl_ms / 3;
}

void Heart::check_jobs() {
  next_check_ms_ = runtime_.clock.monotonic_ms() + options_.job_check_ms;
  for (const int64_t job_id : bench_.jobs_in_hand(most_jobs_checked)) {
    const auto row = runtime_.store.find_job(job_id);
    if (row && row->status == model::JobStatus::running) continue;
    const bool pauses = row && (row->status == model::JobStatus::pausing || row->status == model::JobStatus::paused ||
                                row->status == model::JobStatus::queued);
    bench_.job_stops(job_id, !pauses);
  }
}

void Heart::resign() {
  const Workbench::Identity identity = bench_.identity();
  if (identity.incarnation == 0) return;
  bench_.fence();
  runtime_.store.unregister_worker(identity.worker_id);
}

}  // namespace assay::coordinate
