#include <algorithm>
#include <cstdint>
#include <optional>

#include "store/job_conditions.h"
#include "store/sql_store.h"

// What does not stay for ever; what parts of objects said that were never joined is among it, and so is how the catalog
// came to be what it is. Findings, the ledger and the counters of a job stay.
namespace assay::store {

size_t SqlStore::remove_old_tasks(int64_t keep_ms, size_t most) {
  if (most == 0) return 0;
  for (;;) {
    bool job_is_done = false;
    const auto removed = writing<size_t>("remove_old_tasks", [&](sql::Connection& c) -> size_t {
      job_is_done = false;
      const sql::Rows job =
          query(c,
                text_("SELECT id FROM jobs WHERE " ASSAY_JOB_IS_OVER
                      " AND NOT tasks_removed AND finished_at <= @now - $1::bigint ORDER BY finished_at "
                      "LIMIT 1 @skip_locked"),
                keep_ms);
      if (job.empty()) return 0;
      const int64_t id = job.integer(0, 0);
      const uint64_t tasks =
          execute(c,
                  text_("DELETE FROM tasks WHERE job_id = $1 AND id IN (SELECT id FROM tasks WHERE job_id = $1 ORDER "
                        "BY job_id, id LIMIT $2)"),
                  id, most);
      const uint64_t outputs =
          execute(c,
                  text_("DELETE FROM task_outputs WHERE job_id = $1 AND id IN (SELECT id FROM task_outputs WHERE "
                        "job_id = $1 ORDER BY job_id, id LIMIT $2)"),
                  id, most - std::min<uint64_t>(most, tasks));
      uint64_t parts = 0;
      for (const std::string_view statement :
           {"DELETE FROM part_contents WHERE id IN (SELECT id FROM part_contents WHERE job_id = $1 LIMIT $2)",
            "DELETE FROM part_findings WHERE id IN (SELECT id FROM part_findings WHERE job_id = $1 LIMIT $2)",
            "DELETE FROM object_parts WHERE id IN (SELECT id FROM object_parts WHERE job_id = $1 LIMIT $2)",
            "DELETE FROM split_objects WHERE id IN (SELECT id FROM split_objects WHERE job_id = $1 LIMIT $2)"})
        parts += execute(c, statement, id, most - std::min<uint64_t>(most, tasks + outputs + parts));
      if (tasks + outputs + parts == 0) {
        execute(c, "UPDATE jobs SET tasks_removed = TRUE WHERE id = $1", id);
        job_is_done = true;
      }
      return static_cast<size_t>(tasks + outputs + parts);
    });
    if (removed > 0 || !job_is_done) return removed;
  }
}

namespace {

/// A source of which the catalog has more than is kept, and the last run of it that is not.
struct OldRuns {
  int64_t datasource_id = 0, last_run = 0;
};

std::optional<OldRuns> old_runs(sql::Connection& connection, size_t keep_runs) {
  const sql::Rows removed = query(connection,
                                  "SELECT h.datasource_id FROM discovery_history h JOIN datasources d ON d.id = "
                                  "h.datasource_id WHERE d.removed_at <> 0 LIMIT 1");
  if (!removed.empty()) return OldRuns{removed.integer(0, 0), INT64_MAX};
  const sql::Rows crowded = query(
      connection, "SELECT datasource_id FROM discovery_history GROUP BY datasource_id HAVING COUNT(*) > $1 LIMIT 1",
      keep_runs);
  if (crowded.empty()) return std::nullopt;
  const sql::Rows last = query(connection,
                               "SELECT job_id FROM discovery_history WHERE datasource_id = $1 ORDER BY job_id DESC "
                               "LIMIT 1 OFFSET $2",
                               crowded.integer(0, 0), keep_runs);
  if (last.empty()) return std::nullopt;  // another process was here
  return OldRuns{crowded.integer(0, 0), last.integer(0, 0)};
}

}  // namespace

size_t SqlStore::remove_old_discoveries(size_t keep_runs, size_t most) {
  // To look is a read: nearly always there is nothing to do.
  if (most == 0 || !reading<bool>([&](sql::Connection& c) { return old_runs(c, keep_runs).has_value(); })) return 0;
  return writing<size_t>("remove_old_discoveries", [&](sql::Connection& c) -> size_t {
    const auto old = old_runs(c, keep_runs);
    if (!old) return 0;
    uint64_t removed = execute(c,
                               "DELETE FROM catalog_changes WHERE id IN (SELECT id FROM catalog_changes WHERE "
                               "datasource_id = $1 AND job_id <= $2 LIMIT $3)",
                               old->datasource_id, old->last_run, most);
    if (removed < most) {
      const std::vector<int64_t> tables = numbers_of(query(c,
                                                           text_("SELECT id FROM catalog_tables WHERE datasource_id = "
                                                                 "$1 AND seen_job_id <= $2 ORDER BY object_key, "
                                                                 "table_key LIMIT $3 @lock"),
                                                           old->datasource_id, old->last_run, most - removed));
      execute(c, text_("DELETE FROM catalog_columns WHERE table_id @in_ids(1)"), tables);
      removed += execute(c, text_("DELETE FROM catalog_tables WHERE id @in_ids(1)"), tables);
    }
    if (removed < most)
      removed += execute(c,
                         "DELETE FROM discovery_history WHERE id IN (SELECT id FROM discovery_history WHERE "
                         "datasource_id = $1 AND job_id <= $2 LIMIT $3)",
                         old->datasource_id, old->last_run, most - removed);
    return static_cast<size_t>(removed);
  });
}

}  // namespace assay::store
