#include "coordinate/service.h"

#include <chrono>
#include <utility>

#include "model/transitions.h"

namespace assay::coordinate {
namespace {

constexpr int64_t look_again_ms = 500;  // for jobs that another process ends

Runtime named(Runtime runtime, const OrchestratorOptions& options) {
  runtime.log = runtime.log.with({{"node_group", options.node_group}});
  return runtime;
}

uint64_t seed_of(const Orchestration& shared) {
  return shared.options.seed != 0 ? shared.options.seed + 20 : random_seed();
}

}  // namespace

OrchestratorParts::OrchestratorParts(const Runtime& runtime, const OrchestratorOptions& options,
                                     ResourceCoordinator& resources)
    : shared(named(runtime, options), options, resources),
      lease_manager(shared),
      assigner(shared),
      reaper(shared),
      pipeliner(shared),
      monitor(shared) {}

Orchestrator::Orchestrator(const Runtime& runtime, const OrchestratorOptions& options, ResourceCoordinator& resources)
    : parts_(runtime, options, resources),
      lease_manager_(parts_.lease_manager, parts_.shared.runtime, seed_of(parts_.shared)),
      assigner_(parts_.assigner, parts_.shared.runtime, seed_of(parts_.shared)),
      reaper_(parts_.reaper, parts_.shared.runtime, seed_of(parts_.shared)),
      pipeliner_(parts_.pipeliner, parts_.shared.runtime, seed_of(parts_.shared)),
      monitor_(parts_.monitor, parts_.shared.runtime, seed_of(parts_.shared)) {
  parts_.shared.jobs.on_need([this](Need need) {
    switch (need) {
      case Need::command: lease_manager_.poke(); break;
      case Need::pipeliner: pipeliner_.poke(); break;
      case Need::monitor:
      case Need::digest: monitor_.poke_quietly(); break;
      case Need::assigner: assigner_.poke_quietly(); break;
    }
  });
  if (parts_.shared.options.listens) {
    listener_ = std::make_unique<ChangeListener>(parts_.shared.runtime, "jobs/" + parts_.shared.options.node_group,
                                                 [this] { poke(); });
  }
}

void Orchestrator::start() {
  if (is_running_) return;
  parts_.lease_manager.enlist();
  is_running_ = true;
  lease_manager_.start();
  assigner_.start();
  pipeliner_.start();
  monitor_.start();
  reaper_.start();
  if (listener_) listener_->start();
}

void Orchestrator::stop() {
  if (!is_running_) return;
  is_running_ = false;
  if (listener_) listener_->stop();
  reaper_.stop();
  assigner_.stop();
  pipeliner_.stop();
  monitor_.stop();
  lease_manager_.stop();
  try {
    parts_.lease_manager.resign();
  } catch (const core::Error& error) {
    parts_.shared.runtime.log.warning("could not give up its jobs; others wait for the leases to end",
                                      {{"error", error.what()}});
  }
}

void Orchestrator::poke() {
  assigner_.poke();
  monitor_.poke();
}

Embedded::Embedded(const Runtime& runtime, EmbeddedOptions options, const Handlers& handlers,
                   ResourceCoordinator& resources)
    : runtime_(runtime),
      orchestrator_(runtime, std::move(options.orchestrator), resources),
      worker_(
          runtime,
          [&] {
            options.worker.on_progress = [this, told = std::move(options.worker.on_progress)] {
              orchestrator_.poke_monitor();
              if (told) told();
            };
            return std::move(options.worker);
          }(),
          handlers) {
  orchestrator_.on_job_over([this](int64_t, model::JobStatus) {
    {
      const std::lock_guard lock(mutex_);
      ++jobs_over_;
    }
    over_.notify_all();
  });
  orchestrator_.on_new_tasks([this] { worker_.poke(); });
}

void Embedded::start() {
  orchestrator_.start();
  worker_.start();
}

void Embedded::stop() {
  worker_.stop();
  orchestrator_.stop();
}

void Embedded::poke() {
  orchestrator_.poke();
  worker_.poke();
}

std::optional<model::JobStatus> Embedded::wait_for_job(int64_t job_id, const std::stop_token& stop) {
  uint64_t seen = 0;
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      seen = jobs_over_;
    }
    try {
      const auto row = runtime_.store.find_job(job_id);
      if (!row) return std::nullopt;
      if (model::is_over(row->status)) return row->status;
    } catch (const core::Error& error) {
      if (error.kind() != core::ErrorKind::transient) throw;
    }
    std::unique_lock lock(mutex_);
    over_.wait_for(lock, stop, std::chrono::milliseconds(look_again_ms), [&] { return jobs_over_ != seen; });
  }
  return std::nullopt;
}

std::optional<model::JobStatus> run_embedded(const Runtime& runtime, const EmbeddedOptions& options,
                                             const Handlers& handlers, int64_t job_id, const std::stop_token& stop) {
  const auto resources = memory_resources(runtime.clock);
  Embedded embedded(runtime, options, handlers, *resources);
  embedded.start();
  const auto status = embedded.wait_for_job(job_id, stop);
  embedded.stop();
  return status;
}

}  // namespace assay::coordinate
