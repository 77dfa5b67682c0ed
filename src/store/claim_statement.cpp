#include "store/claim_statement.h"

#include <fmt/format.h>

#include <array>

#include "model/transitions.h"
#include "store/statements.h"

namespace assay::store {

std::string claim_statement(sql::Dialect dialect, ClaimFrom from, bool has_blocked, size_t limit) {
  const bool is_postgresql = dialect == sql::Dialect::postgresql;
  const bool isolated = from == ClaimFrom::quarantine || from == ClaimFrom::probed_quarantine;
  std::string chosen = fmt::format(
      "SELECT id FROM tasks {} WHERE job_id = $1 AND status = '{}' AND {}isolated AND kind @in_texts(3) "
      "AND EXISTS (SELECT 1 FROM jobs j WHERE j.id = $1 AND j.status = 'RUNNING') "
      "AND EXISTS (SELECT 1 FROM workers w WHERE w.id = $2 AND w.lost_at = 0)",
      is_postgresql ? "" : fmt::format("INDEXED BY {}", isolated ? "tasks_isolated" : "tasks_ready"),
      to_string(source_of(model::TaskEvent::claim)), isolated ? "" : "NOT ");
  if (from == ClaimFrom::queue) chosen += " AND (priority, id) > ($4, $5)";
  if (from == ClaimFrom::queue && has_blocked) chosen += " AND NOT (datasource_id @in_ids(6))";
  if (from == ClaimFrom::probed_source || from == ClaimFrom::probed_quarantine) chosen += " AND datasource_id = $4";
  chosen += fmt::format(" ORDER BY priority, id LIMIT {} @skip_locked", limit);
  return expand(
      fmt::format("UPDATE tasks SET status = '{}', epoch = epoch + 1, worker_id = $2, claimed_at = @now "
                  "WHERE job_id = $1 AND id {} RETURNING id, epoch, kind, datasource_id, work_packet, attempt, "
                  "priority, isolated",
                  to_string(target_of(model::TaskEvent::claim)),
                  is_postgresql ? fmt::format("= ANY(ARRAY({}))", chosen) : fmt::format("IN ({})", chosen)),
      dialect);
}

size_t claim_limit(size_t wanted) {
  constexpr std::array<size_t, 15> limits = {1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 200, 256, 300, 400, 500};
  size_t limit = 1;
  for (const size_t each : limits)
    if (each <= wanted) limit = each;
  return limit;
}

}  // namespace assay::store
