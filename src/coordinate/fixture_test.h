#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "coordinate/handler.h"
#include "coordinate/runtime.h"
#include "coordinate/service.h"
#include "coordinate/simulation/observed_store.h"
#include "core/clock.h"
#include "store/store.h"

namespace assay::coordinate::testing {

/// A handler from a function.
class FunctionHandler : public TaskHandler {
 public:
  using Function = std::function<store::TaskCompletion(const TaskContext&)>;
  FunctionHandler(std::string kind, Function function) : kind_(std::move(kind)), function_(std::move(function)) {}
  std::string_view kind() const override { return kind_; }
  store::TaskCompletion run(const TaskContext& context) override { return function_(context); }

 private:
  std::string kind_;
  Function function_;
};

inline std::shared_ptr<TaskHandler> handler(std::string kind, FunctionHandler::Function function) {
  return std::make_shared<FunctionHandler>(std::move(kind), std::move(function));
}

/// Lets a test refuse operations, or do something at them.
class Interference : public simulation::StoreWatcher {
 public:
  std::function<void(std::string_view)> on_before, on_after;
  std::map<std::string, int, std::less<>> counts;  ///< operations by name; for tests with one thread
  bool counts_operations = false;

  void before(std::string_view operation) override {
    if (counts_operations) ++counts[std::string(operation)];
    if (on_before) on_before(operation);
  }
  void after(std::string_view operation) override {
    if (on_after) on_after(operation);
  }
  void claimed_jobs(const std::vector<store::OwnedJob>&) override {}
  void wrote_job(std::string_view, int64_t, int64_t) override {}
  void claimed_tasks(std::string_view, const std::vector<model::ClaimedTask>&) override {}
  void recorded(std::string_view, std::span<const store::TaskCompletion>, const std::vector<int64_t>&) override {}
};

inline model::NewTask new_task(std::string kind, std::string packet = "{}", int64_t datasource_id = 0) {
  model::NewTask task;
  task.kind = std::move(kind);
  task.work_packet = std::move(packet);
  task.datasource_id = datasource_id;
  return task;
}

inline store::ProcessIdentity identity(std::string id) {
  store::ProcessIdentity identity;
  identity.id = id;
  identity.name = std::move(id);
  identity.host = "host";
  identity.pid = 1;
  return identity;
}

/// A store in memory whose time is the test's, and what works with it.
class StoreTest : public ::testing::Test {
 protected:
  explicit StoreTest(bool manual_time = true) {
    store::StoreOptions options;
    options.durable = false;
    if (manual_time) options.now_ms = [this] { return clock.now_ms(); };
    real = store::Store::open(options, true);
    store = std::make_unique<simulation::ObservedStore>(*real, interference);
  }

  Runtime runtime() { return {*store, clock, metrics, core::Log::to_stream(log, core::LogLevel::debug)}; }

  int64_t add_source(model::Budget budget = {}, std::string name = "source") {
    model::Datasource source;
    source.name = std::move(name);
    source.kind = "files";
    source.configuration = "{}";
    source.budget = budget;
    return real->add_datasource(source);
  }

  int64_t submit(std::vector<model::NewTask> tasks, int32_t max_attempts = 5) {
    store::NewChildJob child;
    child.node_group = "default";
    child.configuration = R"({"correlation_id":"c-1","x":1})";
    child.first_tasks = std::move(tasks);
    store::NewMasterJob job;
    job.max_attempts = max_attempts;
    job.children.push_back(std::move(child));
    return real->submit_job(job).job_ids.at(0);
  }

  std::vector<model::ClaimedTask> claim_as(std::string worker_id, std::vector<std::string> kinds, size_t most = 100) {
    store::ClaimRequest request;
    request.worker_id = std::move(worker_id);
    request.node_group = "default";
    request.kinds = std::move(kinds);
    request.most = most;
    request.may_take_isolated = true;
    return real->claim_ready_tasks(request);
  }
  static store::TaskCompletion completion_of(const model::ClaimedTask& task) {
    store::TaskCompletion done;
    done.task_id = task.id;
    done.job_id = task.job_id;
    done.epoch = task.epoch;
    done.datasource_id = task.datasource_id;
    return done;
  }
  static store::TaskFailure failure_of(const model::ClaimedTask& task, model::FailureKind kind,
                                       int64_t retry_after_ms = 0) {
    store::TaskFailure failure;
    failure.task_id = task.id;
    failure.job_id = task.job_id;
    failure.epoch = task.epoch;
    failure.kind = kind;
    failure.error = "cannot";
    failure.retry_after_ms = retry_after_ms;
    return failure;
  }

  model::JobStatus status(int64_t job_id) { return real->find_job(job_id)->status; }
  store::ProgressRow progress(int64_t job_id) {
    store::ProgressRow total;
    for (const auto& row : real->progress(job_id)) {
      total.pending += row.pending;
      total.ready += row.ready;
      total.running += row.running;
      total.completed += row.completed;
      total.failed += row.failed;
      total.dead += row.dead;
      total.work.objects_done += row.work.objects_done;
    }
    return total;
  }

  core::ManualClock clock;
  core::Metrics metrics;
  std::ostringstream log;
  Interference interference;
  std::unique_ptr<store::Store> real;
  std::unique_ptr<store::Store> store;
};

/// An orchestrator's loops, to be turned by hand.
class OrchestratorTest : public StoreTest {
 protected:
  void open(OrchestratorOptions options = {}) {
    options.seed = 7;
    resources = memory_resources(clock);
    parts = std::make_unique<OrchestratorParts>(runtime(), options, *resources);
    parts->lease_manager.enlist();
  }
  /// Everyone a turn, so often that whatever is to do is done.
  void turn_all(int times = 3) {
    for (int i = 0; i < times; ++i) {
      parts->monitor.on_poke();
      parts->assigner.turn();
      parts->monitor.turn();
      parts->lease_manager.turn();
      parts->pipeliner.turn();
      parts->assigner.turn();
    }
  }
  std::unique_ptr<ResourceCoordinator> resources;
  std::unique_ptr<OrchestratorParts> parts;
};

/// A worker's parts, to be turned by hand.
class WorkerTest : public StoreTest {
 protected:
  void open(Handlers handlers) {
    ++options.seed;  // another id
    worker = std::make_unique<WorkerParts>(runtime(), options, handlers);
    worker->heart.turn();
  }
  /// Whoever makes jobs run elsewhere.
  void hold_jobs() { jobs = real->claim_jobs("other", "default", 100, 1'000'000'000); }
  /// One claim; all that can begin, one after another; one recording.
  void work_once() {
    worker->claimer.on_poke();
    worker->claimer.turn();
    while (const auto attempt = worker->bench->try_begin()) worker->runner->run(attempt);
    worker->recorder.turn();
  }
  WorkerOptions options;
  std::vector<store::OwnedJob> jobs;
  std::unique_ptr<WorkerParts> worker;
};

}  // namespace assay::coordinate::testing
