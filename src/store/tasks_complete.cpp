#include <algorithm>

#include "store/sql_store.h"

// How attempts end. What a task leaves behind is written with its status, in one transaction, if its fence holds.
namespace assay::store {
namespace {

template <typename Items>
std::vector<size_t> in_order_of_ids(const Items& items) {
  std::vector<size_t> order(items.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(items[i].job_id, items[i].task_id); });
  return order;
}

}  // namespace

SqlStore::Fenced SqlStore::complete_held_tasks(sql::Connection& connection, std::string_view worker_id,
                                               std::span<const Fence> fences) {
  constexpr model::TaskEvent event = model::TaskEvent::complete;
  if (dialect_ == sql::Dialect::sqlite) {
    Fenced fenced = lock_held_tasks(connection, worker_id, fences);
    Batch batch(2);
    for (const HeldTask& task : fenced.held) batch.add(task.id, to_string(target_of(event)));
    batch.run(connection, text_("UPDATE tasks SET status = $2, attempt = attempt + 1, isolated = FALSE, error = '', "
                                "finished_at = @now WHERE id = $1"));
    return fenced;
  }
  // One statement that tests the fence and writes at once; who is missing in its answer is looked at again below.
  std::vector<int64_t> jobs, ids, epochs;
  std::unordered_map<int64_t, size_t> index_of;
  for (size_t i = 0; i < fences.size(); ++i) {
    if (!index_of.emplace(fences[i].task_id, i).second) continue;
    jobs.push_back(fences[i].job_id);
    ids.push_back(fences[i].task_id);
    epochs.push_back(fences[i].epoch);
  }
  const sql::Rows rows =
      query(connection,
            text_("UPDATE tasks t SET status = $5, attempt = t.attempt + 1, isolated = FALSE, error = '', "
                  "finished_at = @now FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS f (job_id, id, epoch) "
                  "WHERE t.job_id = f.job_id AND t.id = f.id AND t.epoch = f.epoch AND t.worker_id = $4 AND "
                  "t.status = 'RUNNING' RETURNING t.id, t.job_id, t.epoch, t.datasource_id"),
            jobs, ids, epochs, worker_id, to_string(target_of(event)));
  Fenced fenced;
  for (size_t i = 0; i < rows.size(); ++i)
    fenced.held.push_back({.id = rows.integer(i, 0),
                           .job_id = rows.integer(i, 1),
                           .epoch = rows.integer(i, 2),
                           .datasource_id = rows.integer(i, 3),
                           .index = index_of.at(rows.integer(i, 0))});
  if (rows.size() == ids.size()) return fenced;
  for (const HeldTask& task : fenced.held) index_of.erase(task.id);
  std::vector<Fence> missing;
  std::vector<size_t> indices;
  for (const auto& [id, index] : index_of) {
    missing.push_back(fences[index]);
    indices.push_back(index);
  }
  for (const size_t i : lock_held_tasks(connection, worker_id, missing).recorded_before)
    fenced.recorded_before.push_back(indices[i]);
  return fenced;
}

std::vector<int64_t> SqlStore::complete_tasks(std::string_view worker_id, std::span<const TaskCompletion> tasks) {
  if (tasks.empty()) return {};
  const std::vector<size_t> order = in_order_of_ids(tasks);
  std::vector<Fence> fences;
  for (const size_t i : order) fences.push_back({tasks[i].job_id, tasks[i].task_id, tasks[i].epoch});
  std::vector<int64_t> recorded;
  write("complete_tasks", [&](sql::Connection& c) {
    recorded.clear();
    const Fenced fenced = complete_held_tasks(c, worker_id, fences);
    Counters counters;
    for (const HeldTask& held : fenced.held) {
      const TaskCompletion& task = tasks[order[held.index]];
      counters.move(held.job_id, held.datasource_id, model::TaskEvent::complete);
      counters.add(held.job_id, held.datasource_id, task.progress);
      if (!task.outputs.empty()) insert_outputs(c, held.job_id, held.id, task.outputs, counters);
    }
    write_results(c, tasks, order, fenced.held);
    for (const HeldTask& held : fenced.held) recorded.push_back(held.id);
    for (const size_t index : fenced.recorded_before) recorded.push_back(fences[index].task_id);
    counters.write(c);
  });
  std::ranges::sort(recorded);
  if (log_.is_on())
    for (const Fence& fence : fences)
      log_.write("complete_tasks", worker_id, fence.job_id, fence.task_id, fence.epoch,
                 std::ranges::binary_search(recorded, fence.task_id));
  int64_t job = 0;
  for (const Fence& fence : fences)
    if (fence.job_id != std::exchange(job, fence.job_id)) announce_job(fence.job_id);
  return recorded;
}

std::vector<int64_t> SqlStore::fail_tasks(std::string_view worker_id, std::span<const TaskFailure> tasks) {
  if (tasks.empty()) return {};
  const std::vector<size_t> order = in_order_of_ids(tasks);
  std::vector<Fence> fences;
  for (const size_t i : order) fences.push_back({tasks[i].job_id, tasks[i].task_id, tasks[i].epoch});
  std::vector<int64_t> recorded;
  write("fail_tasks", [&](sql::Connection& c) {
    recorded.clear();
    const Fenced fenced = lock_held_tasks(c, worker_id, fences);
    std::vector<Ending> endings;
    for (const HeldTask& held : fenced.held) {
      const TaskFailure& failure = tasks[order[held.index]];
      // It ended in good order, so it is no suspect any more.
      endings.push_back({.event = event_of_failure(failure.kind, held.attempt + 1, held.max_attempts),
                         .error = failure.error,
                         .retry_after_ms = failure.retry_after_ms});
      recorded.push_back(held.id);
    }
    for (const size_t index : fenced.recorded_before) recorded.push_back(fences[index].task_id);
    Counters counters;
    end_tasks(c, text_, fenced.held, endings, counters);
    counters.write(c);
  });
  std::ranges::sort(recorded);
  for (const Fence& fence : fences)
    log_.write("fail_tasks", worker_id, fence.job_id, fence.task_id, fence.epoch,
               std::ranges::binary_search(recorded, fence.task_id));
  int64_t job = 0;
  for (const Fence& fence : fences)
    if (fence.job_id != std::exchange(job, fence.job_id)) announce_job(fence.job_id);
  return recorded;
}

}  // namespace assay::store
