#include <algorithm>

#include "store/job_conditions.h"
#include "store/sql_store.h"

// Which orchestrator holds which jobs.
namespace assay::store {
namespace {

/// A queued job gains one level of priority for every minute that it waits.
constexpr int64_t ageing_ms = 60'000;

OwnedJob owned_job(const sql::Rows& rows, size_t row) {
  OwnedJob job;
  job.id = rows.integer(row, 0);
  job.version = rows.integer(row, 1);
  job.kind = rows.text(row, 2);
  job.status = status_of<model::JobStatus>(rows.text(row, 3));
  job.pending_command = model::job_command_from_string(rows.text(row, 4));
  job.priority = static_cast<int32_t>(rows.integer(row, 5));
  job.configuration = rows.text(row, 6);
  return job;
}

/// Between them stands which jobs t.
#define ASSAY_DIGEST_BEGINS                                                                    \
  "SELECT m.mark, d.* FROM (SELECT @settled AS mark) m LEFT JOIN (SELECT j.id, j.status, "     \
  "CASE WHEN j.master_pending_commands <> '' THEN 1 ELSE 0 END, COALESCE(SUM(p.changes), 0), " \
  "COALESCE(SUM(p.pending), 0), COALESCE(SUM(p.running), 0), "                                 \
  "COALESCE(SUM(p.pending + p.ready + p.running + p.failed), 0), COALESCE(SUM(p.outputs_waiting), 0) FROM "
#define ASSAY_DIGEST_ENDS                                                                             \
  " LEFT JOIN job_progress p ON p.job_id = j.id WHERE j.orchestrator_id = $1 AND j." ASSAY_ACTIVE_JOB \
  " GROUP BY j.id, j.status, j.master_pending_commands) d ON TRUE ORDER BY d.id"

Store::JobNeeds needs_of(const sql::Rows& rows, size_t row) {
  const auto status = status_of<model::JobStatus>(rows.text(row, 2));
  const int64_t pending = rows.integer(row, 5), running = rows.integer(row, 6), unfinished = rows.integer(row, 7),
                outputs = rows.integer(row, 8);
  const bool can_run = next(status, model::JobEvent::finish).has_value();
  const bool drains = next(status, model::JobEvent::drained).has_value();
  return {.job_id = rows.integer(row, 1),
          .changes = rows.integer(row, 4),
          .command = rows.integer(row, 3) != 0,
          .monitor = (drains && running == 0) || (can_run && unfinished == 0 && outputs == 0),
          .pipeliner = can_run && outputs > 0,
          .assigner = can_run && pending > 0};
}

/// A job that waited begins, and obeys at once what it was told while it did.
void take(OwnedJob& job) {
  ++job.version;
  const auto started = next(job.status, model::JobEvent::claim);
  if (!started) return;
  job.status = *started;
  if (!job.pending_command) return;
  job.status = next(job.status, event_of(*job.pending_command)).value_or(job.status);
  job.pending_command.reset();
}

}  // namespace

std::vector<OwnedJob> SqlStore::claim_jobs(std::string_view orchestrator_id, std::string_view node_group, size_t most,
                                           int64_t lease_ms) {
  // Mostly there is none: one statement tells, without a transaction around it.
  const bool any = reading<bool>([&](sql::Connection& c) {
    return query(c,
                 text_("SELECT CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE node_group = $1 AND status = 'QUEUED') OR "
                       "EXISTS (SELECT 1 FROM jobs WHERE node_group = $1 AND " ASSAY_ACTIVE_JOB
                       " AND orchestrator_lease_expiry < @now) THEN 1 ELSE 0 END"),
                 node_group)
               .integer(0, 0) != 0;
  });
  if (!any) return {};
  std::vector<OwnedJob> jobs;
  const Body body = [&](sql::Connection& c) {
    jobs.clear();
    const sql::Rows abandoned =
        query(c,
              text_("SELECT id, version, kind, status, master_pending_commands, priority, configuration FROM jobs "
                    "WHERE node_group = $1 AND " ASSAY_ACTIVE_JOB " AND orchestrator_lease_expiry < @now "
                    "ORDER BY id LIMIT $2 @skip_locked"),
              node_group, most);
    for (size_t i = 0; i < abandoned.size(); ++i) jobs.push_back(owned_job(abandoned, i));
    const sql::Rows queued =
        query(c,
              text_("SELECT id, version, kind, status, master_pending_commands, priority, configuration FROM jobs "
                    "WHERE node_group = $1 AND status = 'QUEUED' "
                    "ORDER BY priority - (@now - created_at) / $3::bigint, id LIMIT $2 @skip_locked"),
              node_group, most - std::min(most, jobs.size()), ageing_ms);
    for (size_t i = 0; i < queued.size(); ++i) jobs.push_back(owned_job(queued, i));
    std::ranges::sort(jobs, {}, &OwnedJob::id);
    Batch batch(6);
    for (OwnedJob& job : jobs) {
      take(job);
      batch.add(job.id, job.version, to_string(job.status), orchestrator_id,
                job.pending_command ? to_string(*job.pending_command) : std::string_view(), lease_ms);
    }
    batch.run(c, text_("UPDATE jobs SET version = $2, status = $3, orchestrator_id = $4, master_pending_commands = $5, "
                       "orchestrator_lease_expiry = @now + $6::bigint, "
                       "started_at = CASE WHEN started_at = 0 THEN @now ELSE started_at END WHERE id = $1"));
  };
  const Question was_recorded = [&](sql::Connection& c) {
    if (jobs.empty()) return false;
    const auto now_held = lock_job(c, jobs.front().id, jobs.front().version);
    return now_held && now_held->orchestrator_id == orchestrator_id;
  };
  write("claim_jobs", body, was_recorded);
  for (const OwnedJob& job : jobs) {
    remember_group(job.id, node_group);
    log_.write("claim_jobs", orchestrator_id, job.id, 0, job.version, true);
  }
  if (!jobs.empty()) announce_change("tasks/" + std::string(node_group));
  return jobs;
}

std::vector<int64_t> SqlStore::renew_leases(std::string_view orchestrator_id, std::span<const int64_t> job_ids,
                                            std::span<const int64_t> versions, int64_t lease_ms) {
  if (job_ids.empty()) return {};
  return writing<std::vector<int64_t>>("renew_leases", [&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              text_("UPDATE jobs SET orchestrator_lease_expiry = @now + $3::bigint WHERE "
                    "orchestrator_id = $1 AND id @in_ids(2) AND " ASSAY_ACTIVE_JOB " RETURNING id, version"),
              orchestrator_id, job_ids, lease_ms);
    std::unordered_map<int64_t, int64_t> held;
    for (size_t i = 0; i < rows.size(); ++i) held.emplace(rows.integer(i, 0), rows.integer(i, 1));
    std::vector<int64_t> renewed;
    for (size_t i = 0; i < job_ids.size() && i < versions.size(); ++i)
      if (const auto job = held.find(job_ids[i]); job != held.end() && job->second == versions[i])
        renewed.push_back(job_ids[i]);
    return renewed;
  });
}

// A question's answer is exact although transactions commit in another order than they begin in. SQLite numbers changes
// as they come. PostgreSQL's marks are ids of transactions: the mark for the next question is the id of the oldest that
// was at work when this one was asked, so that it sees again whatever that one and all later ones wrote. Ids that are
// not below those of today came with a dump of another server; a change puts them right.
Store::JobDigest SqlStore::digest_jobs(std::string_view orchestrator_id, int64_t since, std::span<const int64_t> also) {
  return reading<JobDigest>([&](sql::Connection& c) {
    const sql::Rows rows =
        since == 0
            ? query(c, text_(ASSAY_DIGEST_BEGINS "jobs j" ASSAY_DIGEST_ENDS), orchestrator_id)
            : query(c,
                    text_(ASSAY_DIGEST_BEGINS
                          "(SELECT job_id AS id FROM job_progress WHERE changed_in >= $2 AND changed_in < @newest "
                          "UNION SELECT id FROM jobs WHERE id @in_ids(3) "
                          "UNION SELECT id FROM jobs WHERE orchestrator_id = $1 AND master_pending_commands <> '') t "
                          "JOIN jobs j ON j.id = t.id" ASSAY_DIGEST_ENDS),
                    orchestrator_id, since, also);
    JobDigest digest{rows.integer(0, 0), {}};
    for (size_t i = 0; i < rows.size(); ++i) {
      if (rows.is_null(i, 1)) break;  // the mark alone
      digest.jobs.push_back(needs_of(rows, i));
    }
    return digest;
  });
}

}  // namespace assay::store
