#include <algorithm>
#include <tuple>

#include "store/claim_statement.h"
#include "store/sql_store.h"

// How attempts end. What a task leaves behind is written with its status, in one transaction, if its fence holds.
namespace assay::store {
namespace {

constexpr size_t most_groups_a_batch = 16;

/// Of the same task twice, the first counts: the newest, since an older claim is surely lost.
template <typename Items>
std::vector<size_t> in_order_of_ids(const Items& items) {
  std::vector<size_t> order(items.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {},
                    [&](size_t i) { return std::tuple(items[i].job_id, items[i].task_id, -items[i].epoch); });
  return order;
}

}  // namespace

SqlStore::Fenced SqlStore::complete_held_tasks(sql::Connection& connection, std::string_view worker_id,
                                               std::span<const Fence> fences) {
  constexpr model::TaskEvent event = model::TaskEvent::complete;
  // By job and epoch, of which a batch has few: then one statement tests the fence and writes, and whatever plan
  // PostgreSQL makes without statistics is a good one. A join with the pairs of numbers was compared row by row.
  std::map<std::pair<int64_t, int64_t>, std::vector<int64_t>> groups;
  std::unordered_map<int64_t, size_t> index_of;
  for (size_t i = 0; i < fences.size(); ++i)
    if (index_of.emplace(fences[i].task_id, i).second)
      groups[{fences[i].job_id, fences[i].epoch}].push_back(fences[i].task_id);
  if (dialect_ == sql::Dialect::sqlite || groups.size() > most_groups_a_batch) {
    Fenced fenced = lock_held_tasks(connection, worker_id, fences);
    Batch batch(3);
    for (const HeldTask& task : fenced.held) batch.add(task.id, to_string(target_of(event)), task.job_id);
    batch.run(connection, text_("UPDATE tasks SET status = $2, attempt = attempt + 1, isolated = FALSE, error = '', "
                                "work_packet = '', finished_at = @now WHERE id = $1 AND job_id = $3"));
    return fenced;
  }
  Fenced fenced;
  for (const auto& [key, ids] : groups) {
    const sql::Rows rows = query(connection, text_(completion_statement), key.first, ids, key.second, worker_id,
                                 to_string(target_of(event)));
    for (size_t i = 0; i < rows.size(); ++i) {
      fenced.held.push_back({.id = rows.integer(i, 0),
                             .job_id = key.first,
                             .epoch = key.second,
                             .datasource_id = rows.integer(i, 1),
                             .index = index_of.at(rows.integer(i, 0))});
    }
  }
  for (const HeldTask& task : fenced.held) index_of.erase(task.id);
  if (index_of.empty()) return fenced;
  // Who is missing may have been recorded before.
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
  fences.reserve(order.size());
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
    write_catalog(c, tasks, order, fenced.held);
    write_parts(c, tasks, order, fenced.held, counters);
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
  fences.reserve(order.size());
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
