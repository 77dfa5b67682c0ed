#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "coordinate/backoff.h"
#include "coordinate/budget_book.h"
#include "coordinate/handler.h"
#include "coordinate/owned_jobs.h"
#include "coordinate/resources/resources.h"
#include "coordinate/runtime.h"

namespace assay::coordinate {

/// How long tasks of ended jobs stay where nobody says otherwise; `retention.tasks_keep_days` of the configuration.
inline constexpr int64_t default_keep_tasks_days = 30;

/// How many runs of a source the catalog keeps where nobody says otherwise; `retention.catalog_runs`.
inline constexpr size_t default_keep_catalog_runs = 100;

struct OrchestratorOptions {
  std::string name = {};  ///< "": host-pid
  std::string node_group = "default";
  int64_t lease_ms = 30'000;             ///< of jobs, and of the orchestrator's own row; renewed at a third
  size_t most_jobs = 20'000;             ///< held at a time
  size_t claim_batch = 100;              ///< jobs claimed in one statement
  int64_t claim_every_ms = 1'900;        ///< how long a job without orchestrator waits, at most, for one that idles
  int64_t claim_alone_every_ms = 5'000;  ///< the same while no other orchestrator of the group lives
  int64_t idle_digest_ms =
      6'000;                     ///< how long a need of a job goes unseen, at most, when nothing runs and nobody tells
  int64_t busy_digest_ms = 500;  ///< the same while tasks of the group run
  int64_t idle_try_ms = 40'000;  ///< how long a budget that came free goes unseen, at most, in the same case
  int64_t full_digest_ms = 60'000;  ///< how often all jobs are looked at, whether they changed or not
  int64_t task_deadline_ms =
      2LL * 3'600'000;  ///< a task held for longer is taken from its worker; above the worker's own
  int64_t keep_tasks_ms = default_keep_tasks_days * 24LL * 3'600'000;  ///< of jobs that ended
  size_t keep_catalog_runs = default_keep_catalog_runs;                ///< of each source
  std::map<std::string, Packing, std::less<>> packing = {};  ///< by kind of the child task; else a default Packing
  model::Budget group_budget = {};                           ///< of the node group
  int64_t budget_ttl_ms = 30'000;
  uint64_t task_memory_bytes = 64ULL << 20;  ///< what one task counts for against a memory budget
  bool listens = true;                       ///< has a thread that the store tells of changes
  uint64_t seed = 0;                         ///< of jitter; 0: by chance
};

/// What the five loops of an orchestrator share.
struct Orchestration {
  Orchestration(Runtime world, OrchestratorOptions wishes, ResourceCoordinator& coordinator);

  std::string id() const;
  void set_id(std::string id);

  Runtime runtime;
  OrchestratorOptions options;
  ResourceCoordinator& resources;
  OwnedJobs jobs;
  BudgetBook budgets;
  std::atomic<bool> group_is_busy{true};  ///< tasks run, wait for a retry, or came a moment ago
  /// No other orchestrator of the group has lived for a while, so nobody's jobs come free.
  std::atomic<bool> is_alone{false};
  /// A job reached its end here. Called from the monitor's thread.
  std::function<void(int64_t job_id, model::JobStatus status)> on_job_over;
  /// Tasks became READY. Called from several threads.
  std::function<void()> on_new_tasks;
  void tell_of_new_tasks();
  /// Runs `work`, which is to see to what `job` needs. When it throws, what that was is asked again: whatever did not
  /// change is told of once only.
  template <typename Work>
  auto see_to(const HeldJob& job, const Work& work) {
    try {
      return work();
    } catch (const std::exception&) {
      jobs.note_quietly(Need::digest, job.id);
      throw;
    }
  }

 private:
  mutable std::mutex mutex_;
  std::string id_;  // of this incarnation
};

/// The fields of every line about a job.
core::Log log_of(const Orchestration& shared, const HeldJob& job);

}  // namespace assay::coordinate
