#include "coordinate/simulation/processes.h"

#include <fmt/format.h>

#include "coordinate/json_slices.h"

namespace assay::coordinate::simulation {
namespace {

/// Lists items: each goes to a "read" task.
class ListHandler final : public TaskHandler {
 public:
  std::string_view kind() const override { return "list"; }
  store::TaskCompletion run(const TaskContext& context) override {
    store::TaskCompletion done;
    const uint64_t from = number_in(context.task.work_packet, "from"), to = number_in(context.task.work_packet, "to");
    for (uint64_t item = from; item < to;) {
      model::TaskOutput output{.child_kind = "read", .datasource_id = context.task.datasource_id, .payload = "["};
      for (; item < to && output.items < 7; ++item, ++output.items) {
        if (output.items > 0) output.payload += ',';
        output.payload += fmt::format(R"({{"item":{},"bytes":10}})", item);
        output.bytes += 10;
      }
      output.payload += ']';
      done.outputs.push_back(std::move(output));
    }
    done.progress.objects_discovered = to - from;
    return done;
  }
};

/// Reads items, some of which are bad.
class ReadHandler final : public TaskHandler {
 public:
  ReadHandler(World& world, Process& process) : world_(world), process_(process) {}
  std::string_view kind() const override { return "read"; }
  store::TaskCompletion run(const TaskContext& context) override {
    store::TaskCompletion done;
    std::vector<uint64_t> items;
    for_each_element(context.task.work_packet,
                     [&](std::string_view item) { items.push_back(number_in(item, "item")); });
    world_.items_of_task[context.task.id] = items;
    const Scenario& scenario = world_.scenario;
    for (const uint64_t item : items) {
      if (scenario.poison.contains(item)) world_.crash(process_);
      if (scenario.permanent.contains(item)) throw core::Error(core::ErrorKind::permanent, "cannot be read");
      if (context.task.attempt == 1 && scenario.moody.contains(item)) {
        throw core::Error(core::ErrorKind::transient, "not now");
      }
      if (context.task.attempt == 1 && scenario.hanging.contains(item)) world_.others_go_on(process_, 200'000, false);
      if (process_.is_doomed) throw Crash{};
      if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "stopped");
      store::ObjectResult object;
      object.record.object = fmt::format("item-{}", item);
      object.record.bytes = 10;
      done.objects.push_back(std::move(object));
      ++done.progress.objects_done;
      done.progress.bytes_done += 10;
    }
    return done;
  }

 private:
  World& world_;
  Process& process_;
};

}  // namespace

void Process::before(std::string_view operation) { world_.boundary(*this, operation, false); }
void Process::after(std::string_view operation) { world_.boundary(*this, operation, true); }
void Process::claimed_jobs(const std::vector<store::OwnedJob>& jobs) { world_.witness.claimed_jobs(jobs); }
void Process::wrote_job(std::string_view operation, int64_t job_id, int64_t version) {
  world_.witness.wrote_job(operation, job_id, version);
}
void Process::claimed_tasks(std::string_view worker_id, const std::vector<model::ClaimedTask>& tasks) {
  world_.witness.claimed_tasks(worker_id, tasks);
}
void Process::recorded(std::string_view worker_id, std::span<const store::TaskCompletion> tasks,
                       const std::vector<int64_t>& ids) {
  world_.witness.recorded(worker_id, tasks, ids);
}

void Process::add(std::string name, std::function<int64_t()> turn) {
  actors_.push_back({std::move(name), std::move(turn), world_.clock.monotonic_ms(), false});
}

void OrchestratorProcess::start() {
  store_ = std::make_unique<ObservedStore>(*world_.store, *this);
  resources_ = store_resources(*store_);
  OrchestratorOptions options;
  options.seed = 1 + world_.random.next() % 1'000'000;
  options.packing["read"] = {.most_items = world_.scenario.most_items, .most_bytes = 1'000};
  options.task_deadline_ms = 600'000;
  const Runtime runtime{*store_, world_.clock, world_.metrics, {}};
  parts_ = std::make_unique<OrchestratorParts>(runtime, options, *resources_);
  for (Loop* loop : std::initializer_list<Loop*>{&parts_->lease_manager, &parts_->assigner, &parts_->reaper,
                                                 &parts_->pipeliner, &parts_->monitor}) {
    loops_.push_back(std::make_unique<GuardedLoop>(*loop, runtime, options.seed));
    add(std::string(loop->name()), [guarded = loops_.back().get()] { return guarded->turn(); });
  }
}

void OrchestratorProcess::tear_down() {
  actors_.clear();
  loops_.clear();
  parts_.reset();
  resources_.reset();
  store_.reset();
}

void WorkerProcess::start() {
  store_ = std::make_unique<ObservedStore>(*world_.store, *this);
  WorkerOptions options;
  options.seed = 1 + world_.random.next() % 1'000'000;
  options.slots = world_.scenario.slots;
  options.claim_batch = 1 + world_.random.below(6);
  options.deadline_ms = 60'000;
  options.breaker = {.threshold = 3, .open_ms = 5'000};
  options.on_recorded = [this](const store::TaskCompletion& completion) { world_.witness.told(completion); };
  const Runtime runtime{*store_, world_.clock, world_.metrics, {}};
  const Handlers handlers = {std::make_shared<ListHandler>(), std::make_shared<ReadHandler>(world_, *this)};
  parts_ = std::make_unique<WorkerParts>(runtime, options, handlers);
  for (Loop* loop :
       std::initializer_list<Loop*>{&parts_->heart, &parts_->claimer, &parts_->recorder, &parts_->watchdog}) {
    loops_.push_back(std::make_unique<GuardedLoop>(*loop, runtime, options.seed));
    add(std::string(loop->name()), [guarded = loops_.back().get()] { return guarded->turn(); });
  }
  for (unsigned i = 0; i < options.slots; ++i) {
    add(fmt::format("slot-{}", i), [this]() -> int64_t {
      const auto attempt = parts_->bench->try_begin();
      if (!attempt) return 20;
      parts_->runner->run(attempt);
      return 0;
    });
  }
}

void WorkerProcess::tear_down() {
  actors_.clear();
  loops_.clear();
  parts_.reset();
  store_.reset();
}

}  // namespace assay::coordinate::simulation
