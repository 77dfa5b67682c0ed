#include "store/job_conditions.h"
#include "store/sql_store.h"

// Who runs: one row a process and start.
namespace assay::store {
namespace {

ProcessRow process_row(const sql::Rows& rows, size_t row) {
  ProcessRow process;
  process.identity.id = rows.text(row, 0);
  process.identity.name = rows.text(row, 1);
  process.identity.node_group = rows.text(row, 2);
  process.identity.host = rows.text(row, 3);
  process.identity.pid = rows.integer(row, 4);
  process.started_at = rows.integer(row, 5);
  process.heartbeat_at = rows.integer(row, 6);
  process.expires_at = rows.integer(row, 7);
  process.draining = rows.boolean(row, 8);
  return process;
}

}  // namespace

std::vector<ProcessRow> SqlStore::list_processes(std::string_view sql) {
  return reading<std::vector<ProcessRow>>([&](sql::Connection& c) {
    const sql::Rows rows = query(c, sql);
    return each_row(rows, process_row);
  });
}

void SqlStore::register_worker(const ProcessIdentity& worker, int64_t ttl_ms) {
  write("register_worker", [&](sql::Connection& c) {
    execute(c,
            text_("INSERT INTO workers (id, name, node_group, host, pid, started_at, heartbeat_at, expires_at) "
                  "VALUES ($1, $2, $3, $4, $5, @now, @now, @now + $6::bigint) "
                  "ON CONFLICT (id) DO UPDATE SET heartbeat_at = @now, expires_at = @now + $6::bigint"),
            worker.id, worker.name, worker.node_group, worker.host, worker.pid, ttl_ms);
  });
}

bool SqlStore::heartbeat_worker(std::string_view id, int64_t ttl_ms, bool draining) {
  const bool known = writing<bool>("heartbeat_worker", [&](sql::Connection& c) {
    return execute(c,
                   text_("UPDATE workers SET heartbeat_at = @now, expires_at = @now + $2::bigint, draining = $3 "
                         "WHERE id = $1 AND lost_at = 0"),
                   id, ttl_ms, draining) == 1;
  });
  if (!known) log_.write("heartbeat_worker", id, 0, 0, 0, false);
  return known;
}

void SqlStore::unregister_worker(std::string_view id) {
  std::vector<int64_t> jobs;
  write("unregister_worker", [&](sql::Connection& c) {
    // From here on no claim of this worker can begin; one that is under way is seen or waited for.
    execute(c, text_("UPDATE workers SET lost_at = @now WHERE id = $1"), id);
    const sql::Rows rows = query(c,
                                 text_("SELECT t.id, t.job_id, t.epoch, t.datasource_id, t.isolated FROM tasks t "
                                       "WHERE t.status = 'RUNNING' AND t.worker_id = $1 ORDER BY t.job_id, t.id @lock"),
                                 id);
    std::vector<HeldTask> tasks;
    std::vector<Ending> endings;
    for (size_t i = 0; i < rows.size(); ++i) {
      tasks.push_back({.id = rows.integer(i, 0),
                       .job_id = rows.integer(i, 1),
                       .epoch = rows.integer(i, 2),
                       .datasource_id = rows.integer(i, 3),
                       .isolated = rows.boolean(i, 4)});
      endings.push_back(
          {.event = model::TaskEvent::give_back, .charge = 0, .isolated = rows.boolean(i, 4), .epoch_change = 1});
    }
    jobs.clear();
    for (const HeldTask& task : tasks)
      if (jobs.empty() || jobs.back() != task.job_id) jobs.push_back(task.job_id);
    Counters counters;
    end_tasks(c, text_, tasks, endings, counters);
    execute(c, "DELETE FROM workers WHERE id = $1", id);
    counters.write(c);
  });
  log_.write("unregister_worker", id, 0, 0, 0, true);
  for (const int64_t job : jobs) announce_ready_tasks(job);
}

void SqlStore::register_orchestrator(const ProcessIdentity& orchestrator, int64_t ttl_ms) {
  write("register_orchestrator", [&](sql::Connection& c) {
    execute(c,
            text_("INSERT INTO orchestrators (id, name, node_group, host, pid, started_at, heartbeat_at, expires_at) "
                  "VALUES ($1, $2, $3, $4, $5, @now, @now, @now + $6::bigint) "
                  "ON CONFLICT (id) DO UPDATE SET heartbeat_at = @now, expires_at = @now + $6::bigint"),
            orchestrator.id, orchestrator.name, orchestrator.node_group, orchestrator.host, orchestrator.pid, ttl_ms);
  });
}

bool SqlStore::heartbeat_orchestrator(std::string_view id, int64_t ttl_ms) {
  return writing<bool>("heartbeat_orchestrator", [&](sql::Connection& c) {
    return execute(c,
                   text_("UPDATE orchestrators SET heartbeat_at = @now, expires_at = @now + $2::bigint WHERE id = $1"),
                   id, ttl_ms) == 1;
  });
}

void SqlStore::unregister_orchestrator(std::string_view id) {
  write("unregister_orchestrator", [&](sql::Connection& c) {
    execute(c, "UPDATE jobs SET orchestrator_lease_expiry = 0 WHERE orchestrator_id = $1 AND " ASSAY_ACTIVE_JOB, id);
    execute(c, "DELETE FROM orchestrators WHERE id = $1", id);
  });
  log_.write("unregister_orchestrator", id, 0, 0, 0, true);
}

std::vector<ProcessRow> SqlStore::list_workers() {
  return list_processes(
      "SELECT id, name, node_group, host, pid, started_at, heartbeat_at, expires_at, draining "
      "FROM workers WHERE lost_at = 0 ORDER BY started_at, id LIMIT 10000");
}

std::vector<ProcessRow> SqlStore::list_orchestrators() {
  return list_processes(
      "SELECT id, name, node_group, host, pid, started_at, heartbeat_at, expires_at, draining "
      "FROM orchestrators ORDER BY started_at, id LIMIT 10000");
}

}  // namespace assay::store
