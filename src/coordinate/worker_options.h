#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "coordinate/backoff.h"
#include "coordinate/breaker.h"
#include "model/datasource.h"
#include "store/store.h"

namespace assay::coordinate {

struct WorkerOptions {
  std::string name = {};  ///< "": host-pid
  std::string node_group = "default";
  unsigned slots = 1;                                             ///< tasks that run at a time
  size_t claim_batch = 200;                                       ///< tasks claimed in one statement, at most
  int64_t ttl_ms = 30'000;                                        ///< of the heartbeat, renewed at a third
  int64_t deadline_ms = 3'600'000;                                ///< of one attempt at a task
  std::map<std::string, int64_t, std::less<>> deadlines_ms = {};  ///< by kind, instead
  int64_t stop_grace_ms = 10'000;   ///< what a handler has after it was asked to stop; then its slot is given up
  int64_t drain_grace_ms = 30'000;  ///< what running tasks have to end by themselves when the worker stops
  size_t record_batch = 200;        ///< outcomes recorded in one transaction
  size_t record_weight = 5'000;    ///< findings, objects and outputs in one transaction, give or take those of one task
  int64_t record_after_ms = 10;    ///< how long an outcome waits for company
  size_t most_unrecorded = 1'000;  ///< outcomes that wait; more tasks are not begun
  size_t most_abandoned = 16;      ///< hung handlers; after that the worker claims nothing more
  size_t configurations = 64;      ///< of jobs, kept
  int64_t isolated_every_ms = 60'000;  ///< how often a busy worker empties itself for tasks that must run alone
  int64_t job_check_ms = 2'000;        ///< how long a cancelled job's tasks go on, at most
  BackoffPolicy retry = {};
  BreakerPolicy breaker = {};
  model::Budget process_budget = {};  ///< of this process
  uint64_t task_memory_bytes = 64ULL << 20;
  bool listens = true;  ///< has a thread that the store tells of changes
  uint64_t seed = 0;    ///< of jitter; 0: by chance
  /// After the commit of each recorded completion, in the order in which they were recorded, from one thread.
  std::function<void(const store::TaskCompletion&)> on_recorded = {};
  /// After each commit that may give an orchestrator something to do.
  std::function<void()> on_progress = {};
};

}  // namespace assay::coordinate
