#include <algorithm>

#include "store/sql_store.h"

// The fence of tasks: who may end an attempt, and the one statement that ends it.
namespace assay::store {

SqlStore::Fenced SqlStore::lock_held_tasks(sql::Connection& connection, std::string_view worker_id,
                                           std::span<const Fence> fences) {
  std::vector<int64_t> jobs, ids;
  std::unordered_map<int64_t, size_t> index_of;
  for (size_t i = 0; i < fences.size(); ++i) {
    if (!index_of.emplace(fences[i].task_id, i).second) continue;  // the same task twice: the first, and newest, counts
    jobs.push_back(fences[i].job_id);
    ids.push_back(fences[i].task_id);
  }
  constexpr std::string_view columns =
      "SELECT t.id, t.job_id, t.epoch, t.status, t.worker_id, t.datasource_id, t.attempt, t.isolated, j.max_attempts ";
  const std::string_view from =
      dialect_ == sql::Dialect::postgresql
          ? "FROM unnest($1::bigint[], $2::bigint[]) AS f (job_id, id) JOIN tasks t ON t.job_id = f.job_id AND "
            "t.id = f.id JOIN jobs j ON j.id = t.job_id ORDER BY t.job_id, t.id FOR UPDATE OF t"
          : "FROM tasks t JOIN jobs j ON j.id = t.job_id WHERE t.id IN (SELECT value FROM json_each($2)) "
            "AND t.job_id IN (SELECT value FROM json_each($1)) ORDER BY t.id";
  const sql::Rows rows = query(connection, std::string(columns).append(from), jobs, ids);
  Fenced fenced;
  for (size_t i = 0; i < rows.size(); ++i) {
    HeldTask task;
    task.id = rows.integer(i, 0);
    task.job_id = rows.integer(i, 1);
    task.epoch = rows.integer(i, 2);
    task.index = index_of.at(task.id);
    if (task.epoch != fences[task.index].epoch || task.job_id != fences[task.index].job_id ||
        rows.text(i, 4) != worker_id)
      continue;
    const auto status = status_of<model::TaskStatus>(rows.text(i, 3));
    if (!next(status, model::TaskEvent::complete)) {
      // Ended at this epoch by this worker: what it says again was recorded.
      fenced.recorded_before.push_back(task.index);
      continue;
    }
    task.datasource_id = rows.integer(i, 5);
    task.attempt = static_cast<int32_t>(rows.integer(i, 6));
    task.isolated = rows.boolean(i, 7);
    task.max_attempts = static_cast<int32_t>(rows.integer(i, 8));
    fenced.held.push_back(task);
  }
  return fenced;
}

void SqlStore::end_tasks(sql::Connection& connection, const Statements& text, std::span<const HeldTask> tasks,
                         std::span<const Ending> endings, Counters& counters) {
  Batch batch(11);
  for (size_t i = 0; i < tasks.size(); ++i) {
    const HeldTask& task = tasks[i];
    const Ending& ending = endings[i];
    const model::TaskStatus target = target_of(ending.event);
    const bool is_ready = target == target_of(model::TaskEvent::rescue);
    const bool will_wait = target == target_of(model::TaskEvent::fail);
    counters.move(task.job_id, task.datasource_id, ending.event);
    if (is_ready && ending.isolated) ++counters.of(task.job_id, task.datasource_id).isolated;
    batch.add(task.job_id, task.id, task.epoch, to_string(target), ending.charge, ending.isolated, ending.epoch_change,
              ending.error, will_wait ? std::max<int64_t>(ending.retry_after_ms, 0) : 0, is_ready, will_wait);
  }
  batch.run(connection,
            text("UPDATE tasks SET status = $4, attempt = attempt + $5, isolated = $6, epoch = epoch + $7, error = $8, "
                 "not_before = CASE WHEN $11::boolean THEN @now + $9::bigint ELSE 0 END, "
                 "worker_id = CASE WHEN $10::boolean THEN '' ELSE worker_id END, "
                 "claimed_at = CASE WHEN $10::boolean THEN 0 ELSE claimed_at END, "
                 "finished_at = CASE WHEN $10::boolean THEN 0 ELSE @now END "
                 "WHERE job_id = $1 AND id = $2 AND epoch = $3 AND status = 'RUNNING'"));
}

}  // namespace assay::store
