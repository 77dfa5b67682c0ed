#include "store/keys.h"
#include "store/sql_store.h"

// The composer's operation: a master job, its children and their first tasks.
namespace assay::store {
namespace {

std::vector<int64_t> children_of(sql::Connection& connection, int64_t master_job_id) {
  const sql::Rows rows = query(connection, "SELECT id FROM jobs WHERE master_job_id = $1 ORDER BY id", master_job_id);
  return numbers_of(rows);
}

}  // namespace

SubmittedJob SqlStore::submit_job(const NewMasterJob& job) {
  if (job.children.empty()) throw core::Error(core::ErrorKind::bad_input, "a job without sources has nothing to do");
  // Without a key of the user's it gets one, so that the transaction can be run again when its outcome is unknown.
  const std::string key = job.idempotency_key.empty() ? "random:" + random_key() : "user:" + job.idempotency_key;
  const bool is_users_key = !job.idempotency_key.empty();
  auto submitted = writing<SubmittedJob>("submit_job", [&](sql::Connection& c) {
    SubmittedJob result;
    const sql::Rows master = query(
        c,
        text_(
            "INSERT INTO master_jobs (kind, template_name, idempotency_key, requested_by, correlation_id, created_at) "
            "VALUES ($1, $2, $3, $4, $5, @now) ON CONFLICT (idempotency_key) DO NOTHING RETURNING id"),
        job.kind, job.template_name, key, job.requested_by, job.correlation_id);
    if (master.empty()) {
      result.master_job_id = query(c, "SELECT id FROM master_jobs WHERE idempotency_key = $1", key).integer(0, 0);
      result.job_ids = children_of(c, result.master_job_id);
      result.existed = is_users_key;
      return result;
    }
    result.master_job_id = master.integer(0, 0);
    Counters counters;
    for (const NewChildJob& child : job.children) {
      const sql::Rows row = query(
          c,
          text_("INSERT INTO jobs (master_job_id, node_group, kind, template_name, status, configuration, "
                "rule_set_hash, priority, max_attempts, created_at) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, @now) RETURNING id"),
          result.master_job_id, child.node_group, job.kind, job.template_name, to_string(model::JobStatus::queued),
          child.configuration, job.rule_set_hash, job.priority, std::max(job.max_attempts, 1));
      result.job_ids.push_back(row.integer(0, 0));
      insert_tasks(c, result.job_ids.back(), child.first_tasks, counters);
    }
    counters.write(c);
    return result;
  });
  for (size_t i = 0; i < submitted.job_ids.size() && i < job.children.size(); ++i) {
    remember_group(submitted.job_ids[i], job.children[i].node_group);
    log_.write("submit_job", job.requested_by, submitted.job_ids[i], 0, 0, !submitted.existed);
    announce_job(submitted.job_ids[i]);
  }
  return submitted;
}

}  // namespace assay::store
