#pragma once

#include <memory>
#include <optional>

#include "coordinate/assigner.h"
#include "coordinate/handler.h"
#include "coordinate/lease_manager.h"
#include "coordinate/loop.h"
#include "coordinate/monitor.h"
#include "coordinate/orchestration.h"
#include "coordinate/pipeliner.h"
#include "coordinate/reaper.h"
#include "coordinate/worker.h"

namespace assay::coordinate {

/// The five loops of an orchestrator, without threads.
struct OrchestratorParts {
  OrchestratorParts(const Runtime& runtime, const OrchestratorOptions& options, ResourceCoordinator& resources);

  Orchestration shared;
  LeaseManager lease_manager;
  Assigner assigner;
  Reaper reaper;
  Pipeliner pipeliner;
  Monitor monitor;
};

/// Holds jobs of its node group and brings them to their end, from start() to stop(), together with any number of
/// others. Survives a store that does not answer. `resources` must outlive it.
class Orchestrator {
 public:
  Orchestrator(const Runtime& runtime, const OrchestratorOptions& options, ResourceCoordinator& resources);
  ~Orchestrator() { stop(); }
  Orchestrator(const Orchestrator&) = delete;
  Orchestrator& operator=(const Orchestrator&) = delete;

  /// Set before start(); called from the orchestrator's threads.
  void on_job_over(std::function<void(int64_t job_id, model::JobStatus status)> call) {
    parts_.shared.on_job_over = std::move(call);
  }
  /// Tasks were made or admitted: a worker in the same process may look. Set before start(), as above.
  void on_new_tasks(std::function<void()> call) { parts_.shared.on_new_tasks = std::move(call); }
  /// Throws core::Error when it cannot register.
  void start();
  /// Ends the loops, each after its turn, and gives up its jobs so that others can take them at once.
  void stop();
  /// Something may have changed.
  void poke();
  /// Tasks may have ended or left outputs; there are no new jobs.
  void poke_monitor() { monitor_.poke(); }
  size_t jobs_held() const { return parts_.shared.jobs.size(); }

 private:
  OrchestratorParts parts_;
  LoopThread lease_manager_, assigner_, reaper_, pipeliner_, monitor_;
  std::unique_ptr<ChangeListener> listener_;
  bool is_running_ = false;
};

/// What one process needs to run jobs by itself.
struct EmbeddedOptions {
  OrchestratorOptions orchestrator;
  WorkerOptions worker;
};

/// An orchestrator and a worker in one process, which tell each other of changes without the store in between.
class Embedded {
 public:
  Embedded(const Runtime& runtime, EmbeddedOptions options, const Handlers& handlers, ResourceCoordinator& resources);
  ~Embedded() { stop(); }
  Embedded(const Embedded&) = delete;
  Embedded& operator=(const Embedded&) = delete;

  void start();
  /// The worker first, so that its last completions still find their orchestrator.
  void stop();
  /// Blocks until the job is over, and says how it ended; nothing when `stop` was asked for first, or when the job is
  /// not known.
  std::optional<model::JobStatus> wait_for_job(int64_t job_id, const std::stop_token& stop);
  void poke();
  bool is_healthy() const { return worker_.is_healthy(); }

 private:
  Runtime runtime_;
  std::mutex mutex_;
  std::condition_variable_any over_;
  uint64_t jobs_over_ = 0;
  Orchestrator orchestrator_;
  Worker worker_;
};

/// Runs both in this process until a job ends. Nothing when `stop` was asked for first: the job can then go on
/// elsewhere, or later.
std::optional<model::JobStatus> run_embedded(const Runtime& runtime, const EmbeddedOptions& options,
                                             const Handlers& handlers, int64_t job_id, const std::stop_token& stop);

}  // namespace assay::coordinate
