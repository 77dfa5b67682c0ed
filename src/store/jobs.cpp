#include <fmt/format.h>

#include <set>

#include "store/sql_store.h"

// What happens to a job as a whole. Its orchestrator's writes are fenced by jobs.version, which changes whenever the
// job changes hands; the row stays locked until the transaction ends.
namespace assay::store {
namespace {

struct Unfinished {
  int64_t tasks = 0, running = 0, dead = 0, outputs = 0;
};

Unfinished unfinished_of(sql::Connection& connection, int64_t job_id) {
  const sql::Rows rows =
      query(connection,
            "SELECT COALESCE(SUM(pending + ready + running + failed), 0), COALESCE(SUM(running), 0), "
            "COALESCE(SUM(dead), 0), COALESCE(SUM(outputs_waiting), 0) "
            "FROM job_progress WHERE job_id = $1",
            job_id);
  return {rows.integer(0, 0), rows.integer(0, 1), rows.integer(0, 2), rows.integer(0, 3)};
}

}  // namespace

int64_t claims_lock_key(int64_t job_id) { return (int64_t{0x4153} << 48) ^ job_id; }

std::optional<SqlStore::HeldJob> SqlStore::lock_job(sql::Connection& connection, int64_t job_id) {
  const sql::Rows rows = query(connection,
                               text_("SELECT status, master_pending_commands, version, orchestrator_id, node_group "
                                     "FROM jobs WHERE id = $1 @lock"),
                               job_id);
  if (rows.empty()) return std::nullopt;
  HeldJob job;
  job.id = job_id;
  job.status = status_of<model::JobStatus>(rows.text(0, 0));
  job.pending_command = model::job_command_from_string(rows.text(0, 1));
  job.version = rows.integer(0, 2);
  job.orchestrator_id = rows.text(0, 3);
  job.node_group = rows.text(0, 4);
  return job;
}

std::optional<SqlStore::HeldJob> SqlStore::lock_job(sql::Connection& connection, int64_t job_id, int64_t version) {
  auto job = lock_job(connection, job_id);
  if (job && job->version != version) job.reset();
  return job;
}

void SqlStore::set_job_status(sql::Connection& connection, int64_t job_id, model::JobStatus status,
                              std::string_view error) {
  execute(connection,
          text_("UPDATE jobs SET status = $2, error = $3, master_pending_commands = '', "
                "finished_at = CASE WHEN $4::boolean THEN @now ELSE 0 END WHERE id = $1"),
          job_id, to_string(status), error, is_over(status));
}

void SqlStore::shut_out_claims(sql::Connection& connection, int64_t job_id) {
  if (dialect_ == sql::Dialect::postgresql)
    query(connection, "SELECT pg_advisory_xact_lock($1)", claims_lock_key(job_id));
}

bool SqlStore::execute_pending_command(int64_t job_id, int64_t version) {
  const bool held = writing<bool>("execute_pending_command", [&](sql::Connection& c) {
    const auto job = lock_job(c, job_id, version);
    if (!job) return false;
    if (!job->pending_command) return true;  // obeyed already
    // What the state does not allow any more is dropped with the command.
    const auto status = next(job->status, event_of(*job->pending_command)).value_or(job->status);
    execute(c, "UPDATE jobs SET status = $2, master_pending_commands = '' WHERE id = $1", job_id, to_string(status));
    remember_group(job_id, job->node_group);
    return true;
  });
  log_.write("execute_pending_command", "", job_id, 0, version, held);
  if (held) {
    announce_job(job_id);
    announce_ready_tasks(job_id);
  }
  return held;
}

bool SqlStore::finish_draining(std::string_view operation, int64_t job_id, int64_t version, model::JobStatus from) {
  const auto drained = next(from, model::JobEvent::drained);
  if (!drained) throw core::Error(core::ErrorKind::bug, "only a job that is pausing or cancelling drains");
  const model::JobStatus target = *drained;
  const bool done = writing<bool>(operation, [&](sql::Connection& c) {
    const auto job = lock_job(c, job_id, version);
    if (!job) return false;
    if (job->status == target) return true;
    if (job->status != from) return false;
    shut_out_claims(c, job_id);
    if (unfinished_of(c, job_id).running > 0) return false;
    execute(c,
            text_("UPDATE jobs SET status = $2, finished_at = CASE WHEN $3::boolean THEN @now ELSE 0 END "
                  "WHERE id = $1"),
            job_id, to_string(target), is_over(target));
    return true;
  });
  log_.write(operation, "", job_id, 0, version, done);
  if (done) announce_job(job_id);
  return done;
}

bool SqlStore::transition_job_from_pausing_to_paused(int64_t job_id, int64_t version) {
  return finish_draining("transition_job_from_pausing_to_paused", job_id, version, model::JobStatus::pausing);
}

bool SqlStore::finish_cancelling_job(int64_t job_id, int64_t version) {
  return finish_draining("finish_cancelling_job", job_id, version, model::JobStatus::cancelling);
}

bool SqlStore::finish_job_if_done(int64_t job_id, int64_t version) {
  const bool done = writing<bool>("finish_job_if_done", [&](sql::Connection& c) {
    const auto job = lock_job(c, job_id, version);
    if (!job) return false;
    const bool has_finished = job->status == next(model::JobStatus::running, model::JobEvent::finish) ||
                              job->status == next(model::JobStatus::running, model::JobEvent::finish_with_dead);
    if (has_finished) return true;
    const Unfinished left = unfinished_of(c, job_id);
    if (left.tasks > 0 || left.outputs > 0) return false;
    const auto event = left.dead > 0 ? model::JobEvent::finish_with_dead : model::JobEvent::finish;
    const auto status = next(job->status, event);
    if (!status) return false;
    if (!settle_splits(c, job_id)) return false;
    set_job_status(c, job_id, *status,
                   left.dead == 0 ? "" : fmt::format("{} task{} dead", left.dead, left.dead == 1 ? " is" : "s are"));
    return true;
  });
  log_.write("finish_job_if_done", "", job_id, 0, version, done);
  if (done) announce_job(job_id);
  return done;
}

bool SqlStore::fail_job(int64_t job_id, int64_t version, std::string_view error) {
  const bool done = writing<bool>("fail_job", [&](sql::Connection& c) {
    const auto job = lock_job(c, job_id, version);
    if (!job) return false;
    const auto status = next(job->status, model::JobEvent::fail);
    if (status) set_job_status(c, job_id, *status, error);
    return status.has_value() || job->status == model::JobStatus::failed;
  });
  log_.write("fail_job", "", job_id, 0, version, done);
  if (done) announce_job(job_id);
  return done;
}

void SqlStore::request_command(int64_t job_id, model::JobCommand command) {
  write("request_command", [&](sql::Connection& c) {
    const auto job = lock_job(c, job_id);
    if (!job) throw core::Error(core::ErrorKind::not_found, fmt::format("there is no job {}", job_id));
    const auto refuse = [&](std::string_view why) {
      throw core::Error(core::ErrorKind::bad_input, fmt::format("job {} {}", job_id, why));
    };
    if (is_over(job->status)) refuse(fmt::format("is {} already", to_string(job->status)));
    remember_group(job_id, job->node_group);
    const bool is_held = is_active(job->status);
    const auto at_once = is_held ? std::nullopt : next(job->status, event_of(command));
    if (at_once) {  // nobody holds it, so nobody has to be asked; who was about to is fenced off
      set_job_status(c, job_id, *at_once);
      execute(c, "UPDATE jobs SET version = version + 1 WHERE id = $1", job_id);
      return;
    }
    // What it will be once it has obeyed what it was told before, or was claimed.
    model::JobStatus status = is_held ? job->status : next(job->status, model::JobEvent::claim).value();
    if (job->pending_command) status = next(status, event_of(*job->pending_command)).value_or(status);
    if (job->pending_command == command) return;
    if (!next(status, event_of(command)))
      refuse(fmt::format("is {}{}; it cannot {}", to_string(job->status),
                         job->pending_command ? " and was told to change" : "",
                         command == model::JobCommand::pause    ? "pause"
                         : command == model::JobCommand::resume ? "resume"
                                                                : "be cancelled"));
    execute(c, "UPDATE jobs SET master_pending_commands = $2 WHERE id = $1", job_id, to_string(command));
  });
  log_.write("request_command", to_string(command), job_id, 0, 0, true);
  announce_job(job_id);
}

/// What runs last of a source ran without the dead, so it runs once more behind them, as a new task. One that runs at
/// this moment may have looked at the dead already; one that has not begun has not.
void SqlStore::run_last_tasks_again(sql::Connection& connection, int64_t job_id,
                                    std::span<const int64_t> datasource_ids, Counters& counters) {
  const sql::Rows rows =
      query(connection,
            text_("SELECT datasource_id, kind, MAX(id), MAX(items), MAX(CASE WHEN status IN ('PENDING', 'READY', "
                  "'FAILED') THEN 1 ELSE 0 END) FROM tasks WHERE job_id = $1 AND priority = $2 AND datasource_id "
                  "@in_ids(3) GROUP BY datasource_id, kind ORDER BY datasource_id, kind"),
            job_id, model::last_priority, datasource_ids);
  std::vector<model::NewTask> again;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.integer(i, 4) != 0) continue;
    model::NewTask task;
    task.datasource_id = rows.integer(i, 0);
    task.kind = rows.text(i, 1);
    task.parent_task_id = rows.integer(i, 2);
    task.items = static_cast<uint64_t>(rows.integer(i, 3));
    task.priority = model::last_priority;
    task.needs_admission = true;
    again.push_back(std::move(task));
  }
  if (!again.empty()) insert_tasks(connection, job_id, again, counters);
}

size_t SqlStore::retry_dead_tasks(int64_t job_id, std::span<const int64_t> task_ids) {
  constexpr model::TaskEvent event = model::TaskEvent::retry;
  const size_t retried = writing<size_t>("retry_dead_tasks", [&](sql::Connection& c) -> size_t {
    const auto job = lock_job(c, job_id);
    if (!job) throw core::Error(core::ErrorKind::not_found, fmt::format("there is no job {}", job_id));
    const auto status = next(job->status, model::JobEvent::retry);
    if (is_over(job->status) && !status)
      throw core::Error(core::ErrorKind::bad_input,
                        fmt::format("job {} is {}; its tasks cannot be tried again", job_id, to_string(job->status)));
    remember_group(job_id, job->node_group);
    // An isolated task stays so: it was a suspect.
    const std::string_view all = text_(
        "UPDATE tasks SET status = 'READY', attempt = 0, not_before = 0, worker_id = '', "
        "claimed_at = 0, finished_at = 0 WHERE job_id = $1 AND status = 'DEAD' "
        "RETURNING datasource_id, isolated");
    const std::string_view some = text_(
        "UPDATE tasks SET status = 'READY', attempt = 0, not_before = 0, "
        "worker_id = '', claimed_at = 0, finished_at = 0 WHERE job_id = $1 AND "
        "status = 'DEAD' AND id @in_ids(2) RETURNING datasource_id, isolated");
    const sql::Rows rows = task_ids.empty() ? query(c, all, job_id) : query(c, some, job_id, task_ids);
    if (rows.empty()) return 0;
    Counters counters;
    std::set<int64_t> sources;
    for (size_t i = 0; i < rows.size(); ++i) {
      counters.move(job_id, rows.integer(i, 0), event);
      if (rows.boolean(i, 1)) ++counters.of(job_id, rows.integer(i, 0)).isolated;
      sources.insert(rows.integer(i, 0));
    }
    run_last_tasks_again(c, job_id, std::vector(sources.begin(), sources.end()), counters);
    if (status)
      execute(
          c,
          "UPDATE jobs SET status = $2, version = version + 1, orchestrator_id = '', orchestrator_lease_expiry = 0, "
          "master_pending_commands = '', error = '', finished_at = 0 WHERE id = $1",
          job_id, to_string(*status));
    counters.write(c);
    return rows.size();
  });
  log_.write("retry_dead_tasks", "", job_id, 0, 0, retried > 0);
  if (retried > 0) {
    announce_job(job_id);
    announce_ready_tasks(job_id);
  }
  return retried;
}

}  // namespace assay::store
