#include <algorithm>
#include <fmt/format.h>

#include "store/sql_store.h"

// What the living do for the dead. Any orchestrator may run these at any time, several at once: rows that another has
// locked are passed over.
namespace assay::store {
namespace {

/// Workers that let their heartbeat expire are lost from here on: they may not claim, and are told at their next
/// heartbeat. How many tasks each had is kept, since it tells who ran alone.
void mark_lost_workers(sql::Connection& connection, const Statements& text) {
  const sql::Rows expired =
      query(connection,
            text("SELECT id FROM workers WHERE lost_at = 0 AND expires_at < @now ORDER BY id LIMIT 100 @skip_locked"));
  for (size_t i = 0; i < expired.size(); ++i)
    execute(connection,
            text("UPDATE workers SET lost_at = @now, lost_running = (SELECT COUNT(*) FROM tasks t WHERE "
                 "t.status = 'RUNNING' AND t.worker_id = $1) WHERE id = $1"),
            expired.text(i, 0));
}

}  // namespace

size_t SqlStore::retry_due_tasks(size_t most) {
  constexpr model::TaskEvent event = model::TaskEvent::come_due;
  std::vector<int64_t> jobs;
  const auto count = writing<size_t>("retry_due_tasks", [&](sql::Connection& c) {
    jobs.clear();
    const sql::Rows rows = query(c,
                                 text_("SELECT job_id, id, datasource_id, isolated FROM tasks WHERE status = 'FAILED' "
                                       "AND not_before <= @now ORDER BY not_before LIMIT $1 @skip_locked"),
                                 most);
    Counters counters;
    Batch batch(3);
    for (size_t i = 0; i < rows.size(); ++i) {
      const int64_t job_id = rows.integer(i, 0);
      batch.add(job_id, rows.integer(i, 1), to_string(target_of(event)));
      counters.move(job_id, rows.integer(i, 2), event);
      CounterChange& change = counters.of(job_id, rows.integer(i, 2));
      ++change.retries;
      if (rows.boolean(i, 3)) ++change.isolated;
      jobs.push_back(job_id);
    }
    batch.run(c,
              "UPDATE tasks SET status = $3, worker_id = '', claimed_at = 0, finished_at = 0, not_before = 0 "
              "WHERE job_id = $1 AND id = $2 AND status = 'FAILED'");
    counters.write(c);
    return rows.size();
  });
  std::ranges::sort(jobs);
  jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
  for (const int64_t job : jobs) announce_ready_tasks(job);
  return count;
}

size_t SqlStore::rescue_tasks_of_dead_workers(size_t most) {
  std::vector<HeldTask> tasks;
  std::vector<Ending> endings;
  write("rescue_tasks_of_dead_workers", [&](sql::Connection& c) {
    tasks.clear();
    endings.clear();
    mark_lost_workers(c, text_);
    const sql::Rows rows =
        query(c,
              text_("SELECT t.id, t.job_id, t.epoch, t.datasource_id, t.attempt, j.max_attempts, t.isolated, "
                    "CASE WHEN w.lost_running = 1 AND t.claimed_at <= w.lost_at THEN 1 ELSE 0 END "
                    "FROM tasks t JOIN jobs j ON j.id = t.job_id LEFT JOIN workers w ON w.id = t.worker_id "
                    "WHERE t.status = 'RUNNING' AND (w.id IS NULL OR w.lost_at <> 0) "
                    "ORDER BY t.job_id, t.id LIMIT $1 @skip_locked_tasks"),
              most);
    Counters counters;
    for (size_t i = 0; i < rows.size(); ++i) {
      HeldTask task{.id = rows.integer(i, 0),
                    .job_id = rows.integer(i, 1),
                    .epoch = rows.integer(i, 2),
                    .datasource_id = rows.integer(i, 3),
                    .attempt = static_cast<int32_t>(rows.integer(i, 4)),
                    .max_attempts = static_cast<int32_t>(rows.integer(i, 5)),
                    .isolated = rows.boolean(i, 6)};
      const bool ran_alone = task.isolated || rows.integer(i, 7) != 0;
      Ending ending{.event = model::TaskEvent::rescue,
                    .error = "its worker died",
                    .charge = 0,
                    .isolated = true,
                    .epoch_change = 1};
      if (ran_alone) {
        ending.charge = 1;
        ending.error = "its worker died with nothing else in work";
        if (task.attempt + 1 >= task.max_attempts) ending.event = model::TaskEvent::give_up;
      }
      ++counters.of(task.job_id, task.datasource_id).rescues;
      tasks.push_back(task);
      endings.push_back(ending);
    }
    end_tasks(c, text_, tasks, endings, counters);
    counters.write(c);
  });
  int64_t job = 0;
  for (const HeldTask& task : tasks) {
    log_.write("rescue_tasks_of_dead_workers", "", task.job_id, task.id, task.epoch, true);
    if (task.job_id != std::exchange(job, task.job_id)) announce_ready_tasks(task.job_id);
  }
  return tasks.size();
}

size_t SqlStore::fail_overdue_tasks(int64_t deadline_ms, size_t most) {
  std::vector<HeldTask> tasks;
  const std::string error = fmt::format("ran past its deadline of {} ms", deadline_ms);
  write("fail_overdue_tasks", [&](sql::Connection& c) {
    tasks.clear();
    const sql::Rows rows =
        query(c,
              text_("SELECT t.id, t.job_id, t.epoch, t.datasource_id, t.attempt, j.max_attempts, t.isolated "
                    "FROM tasks t JOIN jobs j ON j.id = t.job_id WHERE t.status = 'RUNNING' AND "
                    "t.claimed_at < @now - $1::bigint ORDER BY t.job_id, t.id LIMIT $2 @skip_locked_tasks"),
              deadline_ms, most);
    std::vector<Ending> endings;
    Counters counters;
    for (size_t i = 0; i < rows.size(); ++i) {
      HeldTask task{.id = rows.integer(i, 0),
                    .job_id = rows.integer(i, 1),
                    .epoch = rows.integer(i, 2),
                    .datasource_id = rows.integer(i, 3),
                    .attempt = static_cast<int32_t>(rows.integer(i, 4)),
                    .max_attempts = static_cast<int32_t>(rows.integer(i, 5)),
                    .isolated = rows.boolean(i, 6)};
      const auto event = event_of_failure(model::FailureKind::transient, task.attempt + 1, task.max_attempts);
      endings.push_back({.event = event, .error = error, .isolated = task.isolated, .epoch_change = 1});
      tasks.push_back(task);
    }
    end_tasks(c, text_, tasks, endings, counters);
    counters.write(c);
  });
  for (const HeldTask& task : tasks) log_.write("fail_overdue_tasks", "", task.job_id, task.id, task.epoch, true);
  return tasks.size();
}

size_t SqlStore::remove_dead_processes(int64_t keep_ms) {
  return writing<size_t>("remove_dead_processes", [&](sql::Connection& c) {
    // A lost worker's row stays until its tasks are rescued: it tells who ran alone.
    const uint64_t workers = execute(
        c,
        text_("DELETE FROM workers WHERE lost_at <> 0 AND lost_at <= @now - $1::bigint AND NOT EXISTS (SELECT 1 "
              "FROM tasks t WHERE t.status = 'RUNNING' AND t.worker_id = workers.id)"),
        keep_ms);
    const uint64_t orchestrators =
        execute(c, text_("DELETE FROM orchestrators WHERE expires_at < @now - $1::bigint"), keep_ms);
    return static_cast<size_t>(workers + orchestrators);
  });
}

}  // namespace assay::store
