#include <fmt/format.h>

#include "store/sql_store.h"
#include "store/text.h"

// What users look at.
namespace assay::store {
namespace {

#define ASSAY_JOB_COLUMNS                                                                                            \
  "id, master_job_id, node_group, kind, template_name, status, priority, master_pending_commands, orchestrator_id, " \
  "orchestrator_lease_expiry, version, error, created_at, started_at, finished_at"

#define ASSAY_TASK_COLUMNS                                                                                       \
  "id, job_id, parent_task_id, datasource_id, kind, status, priority, attempt, epoch, worker_id, error, items, " \
  "bytes, not_before, created_at, claimed_at, finished_at"

JobRow job_row(const sql::Rows& rows, size_t row) {
  JobRow job;
  job.id = rows.integer(row, 0);
  job.master_job_id = rows.integer(row, 1);
  job.node_group = rows.text(row, 2);
  job.kind = rows.text(row, 3);
  job.template_name = rows.text(row, 4);
  job.status = status_of<model::JobStatus>(rows.text(row, 5));
  job.priority = static_cast<int32_t>(rows.integer(row, 6));
  job.pending_command = model::job_command_from_string(rows.text(row, 7));
  job.orchestrator_id = rows.text(row, 8);
  job.orchestrator_lease_expiry = rows.integer(row, 9);
  job.version = rows.integer(row, 10);
  job.error = rows.text(row, 11);
  job.created_at = rows.integer(row, 12);
  job.started_at = rows.integer(row, 13);
  job.finished_at = rows.integer(row, 14);
  return job;
}

}  // namespace

std::string SqlStore::job_configuration(int64_t job_id) {
  return reading<std::string>([&](sql::Connection& c) {
    const sql::Rows rows = query(c, "SELECT configuration FROM jobs WHERE id = $1", job_id);
    if (rows.empty()) throw core::Error(core::ErrorKind::not_found, fmt::format("there is no job {}", job_id));
    return std::string(rows.text(0, 0));
  });
}

std::vector<JobRow> SqlStore::list_jobs(size_t most) {
  return reading<std::vector<JobRow>>([&](sql::Connection& c) {
    const sql::Rows rows = query(c, "SELECT " ASSAY_JOB_COLUMNS " FROM jobs ORDER BY id DESC LIMIT $1", most);
    return each_row(rows, job_row);
  });
}

std::optional<JobRow> SqlStore::find_job(int64_t job_id) {
  return reading<std::optional<JobRow>>([&](sql::Connection& c) -> std::optional<JobRow> {
    const sql::Rows rows = query(c, "SELECT " ASSAY_JOB_COLUMNS " FROM jobs WHERE id = $1", job_id);
    if (rows.empty()) return std::nullopt;
    return job_row(rows, 0);
  });
}

std::vector<TaskRow> SqlStore::task_rows(const sql::Rows& rows) const {
  std::vector<TaskRow> tasks;
  for (size_t i = 0; i < rows.size(); ++i) {
    TaskRow task;
    task.id = rows.integer(i, 0);
    task.job_id = rows.integer(i, 1);
    task.parent_task_id = rows.integer(i, 2);
    task.datasource_id = rows.integer(i, 3);
    task.kind = rows.text(i, 4);
    task.status = status_of<model::TaskStatus>(rows.text(i, 5));
    task.priority = static_cast<int32_t>(rows.integer(i, 6));
    task.attempt = static_cast<int32_t>(rows.integer(i, 7));
    task.epoch = rows.integer(i, 8);
    task.worker_id = rows.text(i, 9);
    task.error = rows.text(i, 10);
    task.items = static_cast<uint64_t>(rows.integer(i, 11));
    task.bytes = static_cast<uint64_t>(rows.integer(i, 12));
    task.not_before = rows.integer(i, 13);
    task.created_at = rows.integer(i, 14);
    task.claimed_at = rows.integer(i, 15);
    task.finished_at = rows.integer(i, 16);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<TaskRow> SqlStore::list_tasks(int64_t job_id, std::optional<model::TaskStatus> status, int64_t after_id,
                                          size_t most) {
  return reading<std::vector<TaskRow>>([&](sql::Connection& c) {
    if (!status)
      return task_rows(query(
          c, "SELECT " ASSAY_TASK_COLUMNS " FROM tasks WHERE job_id = $1 AND id > $2 ORDER BY job_id, id LIMIT $3",
          job_id, after_id, most));
    return task_rows(query(c,
                           "SELECT " ASSAY_TASK_COLUMNS
                           " FROM tasks WHERE job_id = $1 AND id > $2 AND status = $3 ORDER BY job_id, id LIMIT $4",
                           job_id, after_id, to_string(*status), most));
  });
}

}  // namespace assay::store
