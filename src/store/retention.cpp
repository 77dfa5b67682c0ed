#include <algorithm>

#include "store/job_conditions.h"
#include "store/sql_store.h"

// What does not stay for ever; what parts of objects said that were never joined is among it. Findings, the ledger and
// the counters of a job do.
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
           {"DELETE FROM part_findings WHERE id IN (SELECT id FROM part_findings WHERE job_id = $1 LIMIT $2)",
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

}  // namespace assay::store
