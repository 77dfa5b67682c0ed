#include "coordinate/lease_manager.h"

#include <algorithm>
#include <string>

#include "coordinate/process.h"

namespace assay::coordinate {

LeaseManager::LeaseManager(Orchestration& shared)
    : shared_(shared),
      renewals_(shared.runtime.metrics.counter("assay_lease_renewals_total", "Leases of jobs that were renewed.")),
      lost_(shared.runtime.metrics.counter("assay_leases_lost_total", "Jobs that another orchestrator took over.")),
      renewal_s_(shared.runtime.metrics.histogram("assay_lease_renewal_seconds", "Time of one renewal of all leases.",
                                                  core::latency_bounds_s())),
      held_(shared.runtime.metrics.gauge("assay_jobs_held", "Jobs that this orchestrator holds.")),
      random_(shared.options.seed != 0 ? shared.options.seed + 4 : random_seed()) {}

void LeaseManager::enlist() {
  const int64_t begun = shared_.runtime.clock.monotonic_ms();
  store::ProcessIdentity identity = this_process(shared_.options.name, shared_.options.node_group, random_);
  shared_.runtime.store.register_orchestrator(identity, shared_.options.lease_ms);
  shared_.jobs.drop_all();
  shared_.set_id(identity.id);
  next_renewal_ms_ = begun + shared_.options.lease_ms / 3;
}

void LeaseManager::resign() {
  shared_.jobs.drop_all();
  shared_.runtime.store.unregister_orchestrator(shared_.id());
}

int64_t LeaseManager::turn() {
  if (shared_.id().empty()) enlist();
  if (shared_.runtime.clock.monotonic_ms() >= next_renewal_ms_) renew();
  // As many as there were at the beginning: one whose command cannot be obeyed comes back with a later digest.
  for (size_t left = shared_.jobs.waiting(Need::command); left > 0; --left) {
    const auto job = shared_.jobs.next(Need::command);
    if (!job) break;
    shared_.see_to(*job, [&] { obey(*job); });
    if (shared_.runtime.clock.monotonic_ms() >= next_renewal_ms_) return 0;
  }
  held_.set(static_cast<double>(shared_.jobs.size()));
  return std::max<int64_t>(1, next_renewal_ms_ - shared_.runtime.clock.monotonic_ms());
}

void LeaseManager::renew() {
  const int64_t lease_ms = shared_.options.lease_ms;
  const int64_t begun = shared_.runtime.clock.monotonic_ms();  // before asking: what is held is held from here on
  store::Store& store = shared_.runtime.store;
  if (!store.heartbeat_orchestrator(shared_.id(), lease_ms)) {
    lost_.add(shared_.jobs.size());
    shared_.runtime.log.warning("the store does not know this orchestrator any more; starting anew");
    enlist();
    return;
  }
  const OwnedJobs::Fences asked = shared_.jobs.fences();
  if (!asked.ids.empty()) {
    const auto renewed = store.renew_leases(shared_.id(), asked.ids, asked.versions, lease_ms);
    const size_t lost = shared_.jobs.settle_renewal(asked, renewed, begun + lease_ms);
    renewals_.add(renewed.size());
    lost_.add(lost);
    if (lost > 0) shared_.runtime.log.warning("other orchestrators took over jobs", {{"jobs", lost}});
  }
  renewal_s_.observe(static_cast<double>(shared_.runtime.clock.monotonic_ms() - begun) / 1000);
  next_renewal_ms_ = begun + lease_ms / 3;
}

void LeaseManager::obey(const HeldJob& job) {
  store::Store& store = shared_.runtime.store;
  if (!store.execute_pending_command(job.id, job.version)) {
    shared_.jobs.drop(job.id, job.version);
    lost_.add();
    log_of(shared_, job).warning("a command came, but the job is another orchestrator's now");
    return;
  }
  const auto row = store.find_job(job.id);
  if (!row) return;
  shared_.jobs.set_status(job.id, job.version, row->status);
  log_of(shared_, job).info("obeyed a command", {{"status", model::to_string(row->status)}});
  shared_.jobs.note(Need::monitor, job.id);
  shared_.jobs.note(Need::digest, job.id);
  if (row->status == model::JobStatus::running) shared_.tell_of_new_tasks();
  shared_.runtime.store.announce_change("job/" + std::to_string(job.id));
}

}  // namespace assay::coordinate
