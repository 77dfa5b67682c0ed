#include "coordinate/reaper.h"

#include <algorithm>

namespace assay::coordinate {
namespace {

constexpr size_t batch = 500;
constexpr int64_t busy_retry_ms = 500, busy_rescue_ms = 1'000;  // while tasks run or wait for a retry
constexpr int64_t idle_ms = 60'000;
constexpr int64_t sweep_ms = 600'000;
constexpr int64_t keep_processes_ms = 3'600'000;  // so that a user sees for an hour what died

core::Counter& rescues(Orchestration& shared, std::string_view reason) {
  return shared.runtime.metrics.counter("assay_tasks_rescued_total", "Tasks taken from their worker, by reason.",
                                        {{"reason", reason}});
}

}  // namespace

Reaper::Reaper(Orchestration& shared)
    : shared_(shared),
      retried_(shared.runtime.metrics.counter("assay_tasks_retried_total", "Tasks made ready again after a failure.")),
      of_dead_workers_(rescues(shared, "worker_died")),
      overdue_(rescues(shared, "deadline")),
      removed_(shared.runtime.metrics.counter("assay_tasks_removed_total", "Tasks of old jobs that were removed.")),
      random_(shared.options.seed != 0 ? shared.options.seed + 1 : random_seed()) {}

int64_t Reaper::turn() {
  bool more = false;
  if (shared_.runtime.clock.monotonic_ms() >= next_retry_ms_) more |= retry();
  if (shared_.runtime.clock.monotonic_ms() >= next_rescue_ms_) more |= rescue();
  if (shared_.runtime.clock.monotonic_ms() >= next_sweep_ms_) more |= sweep();
  if (more) return 0;
  const int64_t now = shared_.runtime.clock.monotonic_ms();
  // Looks at least as often as it would when busy whether it is, which costs the database nothing.
  const int64_t due = std::min({next_retry_ms_, next_rescue_ms_, next_sweep_ms_});
  if (shared_.group_is_busy && std::max(next_retry_ms_, next_rescue_ms_) > now + busy_rescue_ms) {
    next_retry_ms_ = std::min(next_retry_ms_, now + busy_retry_ms);
    next_rescue_ms_ = std::min(next_rescue_ms_, now + busy_rescue_ms);
    return busy_retry_ms;
  }
  return std::clamp<int64_t>(due - now, 1, busy_retry_ms);
}

bool Reaper::retry() {
  const size_t count = shared_.runtime.store.retry_due_tasks(batch);
  retried_.add(count);
  if (count > 0) shared_.tell_of_new_tasks();
  const int64_t pause = shared_.group_is_busy ? busy_retry_ms : idle_ms;
  next_retry_ms_ = count >= batch ? 0 : shared_.runtime.clock.monotonic_ms() + random_.between(pause / 2, pause);
  return count >= batch;
}

void Reaper::rescued(size_t tasks, core::Counter& counter, std::string_view what) {
  if (tasks == 0) return;
  counter.add(tasks);
  shared_.group_is_busy = true;
  shared_.tell_of_new_tasks();
  shared_.runtime.log.warning(what, {{"tasks", tasks}});
}

bool Reaper::rescue() {
  store::Store& store = shared_.runtime.store;
  const size_t orphans = store.rescue_tasks_of_dead_workers(batch);
  rescued(orphans, of_dead_workers_, "rescued tasks of dead workers");
  const size_t late = store.fail_overdue_tasks(shared_.options.task_deadline_ms, batch);
  rescued(late, overdue_, "took tasks from workers that held them too long");
  const bool more = orphans >= batch || late >= batch;
  const int64_t pause = shared_.group_is_busy ? busy_rescue_ms : idle_ms;
  next_rescue_ms_ = more ? 0 : shared_.runtime.clock.monotonic_ms() + random_.between(pause / 2, pause);
  return more;
}

bool Reaper::sweep() {
  store::Store& store = shared_.runtime.store;
  store.remove_dead_processes(keep_processes_ms);
  const size_t count = store.remove_old_tasks(shared_.options.keep_tasks_ms, batch);
  removed_.add(count);
  const size_t forgotten = store.remove_old_discoveries(shared_.options.keep_catalog_runs, batch);
  const bool more = count >= batch || forgotten >= batch;
  // Also between full batches others get their turn: removal is never urgent.
  next_sweep_ms_ = shared_.runtime.clock.monotonic_ms() + (more ? 100 : random_.between(sweep_ms / 2, sweep_ms));
  return false;
}

}  // namespace assay::coordinate
