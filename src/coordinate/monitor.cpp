#include "coordinate/monitor.h"

#include <algorithm>
#include <exception>
#include <string>
#include <unordered_set>
#include <vector>

namespace assay::coordinate {
namespace {

core::Gauge& tasks_gauge(Orchestration& shared, std::string_view status) {
  return shared.runtime.metrics.gauge("assay_queue_tasks", "Tasks of the node group by status.",
                                      {{"node_group", shared.options.node_group}, {"status", status}});
}

core::Gauge& group_gauge(Orchestration& shared, std::string_view name, std::string_view help) {
  return shared.runtime.metrics.gauge(name, help, {{"node_group", shared.options.node_group}});
}

}  // namespace

Monitor::Monitor(Orchestration& shared)
    : shared_(shared),
      pending_(tasks_gauge(shared, "PENDING")),
      ready_(tasks_gauge(shared, "READY")),
      running_(tasks_gauge(shared, "RUNNING")),
      failed_(tasks_gauge(shared, "FAILED")),
      dead_(tasks_gauge(shared, "DEAD")),
      queued_jobs_(group_gauge(shared, "assay_jobs_queued", "Jobs that wait for an orchestrator.")),
      running_jobs_(group_gauge(shared, "assay_jobs_running", "Jobs that run.")),
      workers_(group_gauge(shared, "assay_workers_alive", "Workers whose heartbeat is fresh.")),
      orchestrators_(group_gauge(shared, "assay_orchestrators_alive", "Orchestrators whose heartbeat is fresh.")),
      random_(shared.options.seed != 0 ? shared.options.seed : random_seed()),
      pace_(20, shared.options.idle_digest_ms) {}

int64_t Monitor::turn() {
  if (shared_.id().empty()) return 50;
  const bool poked = poked_.exchange(false);
  const int64_t now = shared_.runtime.clock.monotonic_ms();
  // Whoever idles knows of tasks that run or failed only by looking; the reaper's pace depends on it.
  if (now >= next_measure_ms_ || (poked && !shared_.group_is_busy)) measure();
  bool found = false;
  if (shared_.jobs.size() > 0) found = digest();
  while (const auto job = shared_.jobs.next(Need::monitor)) {
    found |= shared_.see_to(*job, [&] { return look_at(*job); });
  }
  if (found) shared_.group_is_busy = true;
  if (found || poked) pace_.reset();
  pace_.set_most(shared_.group_is_busy ? shared_.options.busy_digest_ms : shared_.options.idle_digest_ms);
  return pace_.idle(random_);
}

bool Monitor::digest() {
  const std::string id = shared_.id();
  const int64_t now = shared_.runtime.clock.monotonic_ms();
  const bool is_full = id != digested_id_ || now >= next_full_ms_;
  const std::vector<int64_t> asked = shared_.jobs.take_all(Need::digest);
  store::Store::JobDigest digest;
  try {
    digest = shared_.runtime.store.digest_jobs(id, is_full ? 0 : mark_, asked);
  } catch (const std::exception&) {
    for (const int64_t job_id : asked) shared_.jobs.note_quietly(Need::digest, job_id);
    throw;
  }
  mark_ = digest.mark;
  digested_id_ = id;
  if (is_full) next_full_ms_ = now + shared_.options.full_digest_ms;
  const std::unordered_set<int64_t> unknown(asked.begin(), asked.end());
  bool found = false;
  for (const auto& needs : digest.jobs) {
    // What was noted before, or waits for a budget, is no reason to ask again sooner.
    if (needs.command) found |= shared_.jobs.note(Need::command, needs.job_id);
    if (needs.monitor) shared_.jobs.note_quietly(Need::monitor, needs.job_id);
    if (needs.pipeliner) found |= shared_.jobs.note(Need::pipeliner, needs.job_id);
    // The assigner itself remembers what waits for others than the job.
    const bool is_news = shared_.jobs.saw_changes(needs.job_id, needs.changes) || unknown.contains(needs.job_id);
    if (!is_news) continue;
    const auto job = shared_.jobs.find(needs.job_id);
    if (needs.assigner || (job && job->holds_budget)) shared_.jobs.note(Need::assigner, needs.job_id);
  }
  return found;
}

void Monitor::measure() {
  const store::QueueMetrics metrics = shared_.runtime.store.queue_metrics(shared_.options.node_group);
  pending_.set(static_cast<double>(metrics.pending));
  ready_.set(static_cast<double>(metrics.ready));
  running_.set(static_cast<double>(metrics.running));
  failed_.set(static_cast<double>(metrics.failed));
  dead_.set(static_cast<double>(metrics.dead));
  queued_jobs_.set(static_cast<double>(metrics.queued_jobs));
  running_jobs_.set(static_cast<double>(metrics.running_jobs));
  workers_.set(static_cast<double>(metrics.live_workers));
  orchestrators_.set(static_cast<double>(metrics.live_orchestrators));
  const bool busy = metrics.running + metrics.failed + metrics.queued_jobs > 0;
  shared_.group_is_busy = busy;
  // Twice in a row: the leases of one that died may end a little later than it is missed.
  const bool is_alone = metrics.live_orchestrators == 1;
  shared_.is_alone = is_alone && was_alone_;
  was_alone_ = is_alone;
  next_measure_ms_ = shared_.runtime.clock.monotonic_ms() + (busy ? 2'000 : 15'000);
}

bool Monitor::look_at(const HeldJob& job) {
  store::Store& store = shared_.runtime.store;
  switch (job.status) {
    case model::JobStatus::running:
      if (!store.finish_job_if_done(job.id, job.version)) break;
      if (const auto row = store.find_job(job.id)) over(job, row->status);
      return true;
    case model::JobStatus::pausing:
      if (!store.transition_job_from_pausing_to_paused(job.id, job.version)) break;
      shared_.jobs.set_status(job.id, job.version, model::JobStatus::paused);
      log_of(shared_, job).info("paused");
      store.announce_change("job/" + std::to_string(job.id));
      return true;
    case model::JobStatus::cancelling:
      if (!store.finish_cancelling_job(job.id, job.version)) break;
      over(job, model::JobStatus::cancelled);
      return true;
    default: break;
  }
  // Not yet, or not ours any more, or it changed since: the next digest asks again with what is true then.
  const auto row = store.find_job(job.id);
  if (!row || row->version != job.version) {
    shared_.jobs.drop(job.id, job.version);
  } else {
    shared_.jobs.set_status(job.id, job.version, row->status);
    shared_.jobs.note_quietly(Need::digest, job.id);
  }
  return false;
}

void Monitor::over(const HeldJob& job, model::JobStatus status) {
  shared_.jobs.drop(job.id, job.version);
  shared_.runtime.metrics
      .counter("assay_jobs_over_total", "Jobs that ended here, by how.", {{"status", model::to_string(status)}})
      .add();
  log_of(shared_, job).info("job over", {{"status", model::to_string(status)}});
  shared_.runtime.store.announce_change("job/" + std::to_string(job.id));
  if (shared_.on_job_over) shared_.on_job_over(job.id, status);
}

}  // namespace assay::coordinate
