#include "coordinate/worker.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "coordinate/budget_book.h"

namespace assay::coordinate {
namespace {

uint64_t seed_of(const WorkerOptions& options) { return options.seed != 0 ? options.seed + 10 : random_seed(); }

Runtime named(Runtime runtime, const WorkerOptions& options) {
  runtime.log = runtime.log.with({{"node_group", options.node_group}});
  return runtime;
}

/// Runs attempts until asked to stop, or until its attempt was given up. Owns what it needs: it may be left behind.
void work(const std::stop_token& stop, const std::shared_ptr<Workbench>& bench, const std::shared_ptr<Runner>& runner) {
  pthread_setname_np(pthread_self(), "slot");
  while (const auto attempt = bench->begin(stop)) {
    runner->run(attempt);
    if (bench->was_abandoned(*attempt)) return;  // another thread has its slot
  }
}

}  // namespace

WorkerParts::WorkerParts(const Runtime& world, WorkerOptions wishes, const Handlers& handlers)
    : runtime(named(world, wishes)),
      options(std::move(wishes)),
      bench(std::make_shared<Workbench>(options, runtime.clock)),
      sources(std::make_shared<SourceWatch>(runtime, options.breaker)),
      runner(std::make_shared<Runner>(runtime, options, handlers, bench, sources)),
      claimer(runtime, options, runner->kinds(), *bench),
      recorder(runtime, options, *bench, *sources),
      heart(runtime, options, *bench),
      watchdog(runtime, options, *bench) {}

Worker::Worker(const Runtime& runtime, WorkerOptions options, const Handlers& handlers)
    : parts_(runtime, std::move(options), handlers),
      claimer_(parts_.claimer, parts_.runtime, seed_of(parts_.options)),
      recorder_(parts_.recorder, parts_.runtime, seed_of(parts_.options)),
      heart_(parts_.heart, parts_.runtime, seed_of(parts_.options)),
      watchdog_(parts_.watchdog, parts_.runtime, seed_of(parts_.options)) {
  parts_.bench->on_hungry = [this] { claimer_.poke(); };
  parts_.bench->on_outcome = [this] { recorder_.poke(); };
  parts_.watchdog.on_abandoned = [this](size_t count) {
    for (size_t i = 0; i < count && is_healthy(); ++i) add_slot();
  };
  if (parts_.options.listens) {
    listener_ = std::make_unique<ChangeListener>(parts_.runtime, "tasks/" + parts_.options.node_group,
                                                 [this] { claimer_.poke(); });
  }
}

void Worker::start() {
  if (is_running_) return;
  parts_.heart.turn();  // registered, or there is nothing to run
  is_running_ = true;
  heart_.start();
  watchdog_.start();
  recorder_.start();
  claimer_.start();
  const uint64_t slots = std::min<uint64_t>(
      std::max(parts_.options.slots, 1U), most_tasks(parts_.options.process_budget, parts_.options.task_memory_bytes));
  for (uint64_t i = 0; i < slots; ++i) add_slot();
  if (listener_) listener_->start();
}

void Worker::add_slot() {
  const std::lock_guard lock(slots_mutex_);
  if (is_ending_) return;
  for (auto slot = slots_.begin(); slot != slots_.end();)
    slot = slot->is_over->load() ? slots_.erase(slot) : std::next(slot);
  auto is_over = std::make_shared<std::atomic<bool>>(false);
  slots_.push_back({std::jthread([bench = parts_.bench, runner = parts_.runner, is_over](const std::stop_token& stop) {
                      work(stop, bench, runner);
                      is_over->store(true);
                    }),
                    is_over});
}

void Worker::end_slots() {
  std::list<Slot> slots;
  {
    const std::lock_guard lock(slots_mutex_);
    is_ending_ = true;
    slots = std::move(slots_);
    slots_.clear();
  }
  for (Slot& slot : slots) slot.thread.request_stop();
  const size_t hung = parts_.bench->abandoned();
  if (hung == 0) return;  // the destructors join
  // Whoever hangs cannot be joined. Which ones they are is known only by their not coming back.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  const auto are_over = [&] {
    return static_cast<size_t>(
        std::count_if(slots.begin(), slots.end(), [](const Slot& s) { return s.is_over->load(); }));
  };
  while (are_over() + hung < slots.size() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  for (Slot& slot : slots) {
    if (!slot.is_over->load()) slot.thread.detach();
  }
}

void Worker::stop() {
  if (!is_running_) return;
  is_running_ = false;
  if (listener_) listener_->stop();
  parts_.bench->drain();
  claimer_.stop();
  if (!parts_.bench->wait_until_nothing_runs(parts_.options.drain_grace_ms)) {
    parts_.bench->stop_all(StopReason::worker_stops);
    if (!parts_.bench->wait_until_nothing_runs(parts_.options.stop_grace_ms)) parts_.bench->abandon_hung(0);
  }
  watchdog_.stop();
  end_slots();
  recorder_.stop();
  heart_.stop();
  try {
    parts_.recorder.flush();
    parts_.heart.resign();
  } catch (const core::Error& error) {
    parts_.runtime.log.warning("could not record everything before the end; others will do it again",
                               {{"error", error.what()}});
  }
}

}  // namespace assay::coordinate
