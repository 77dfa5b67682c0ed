#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sql/connection.h"

namespace assay::store {

/// Which tasks a claim takes: what waits in order, a suspect that must run alone, or one task of a source whose breaker
/// is half open, suspect or not.
enum class ClaimFrom : uint8_t { queue, quarantine, probed_source, probed_quarantine };

/// Parameters: $1 job, $2 worker, $3 kinds; for the queue $4 and $5 the cursor, and with `has_blocked` $6 the sources
/// that are left out; for a probe $4 the source. The limit is a literal, since PostgreSQL plans badly for one that it
/// does not know.
std::string claim_statement(sql::Dialect dialect, ClaimFrom from, bool has_blocked, size_t limit);

/// The limit for a claim that has room for `wanted` tasks: one of a few numbers, so that there are few statements. A
/// claim that wants another asks twice.
size_t claim_limit(size_t wanted);

/// PostgreSQL: $1 job, $2 tasks, $3 their epoch, $4 worker, $5 the new status. The columns of the index of RUNNING
/// tasks stand in expressions, so that no plan uses it: while an old transaction is open it keeps an entry for each
/// task that the worker ever ran, and each completion would walk over all of them.
inline constexpr char completion_statement[] =
    "UPDATE tasks SET status = $5, attempt = attempt + 1, isolated = FALSE, error = '', work_packet = '', finished_at "
    "= @now WHERE "
    "job_id = $1 AND id @in_ids(2) AND epoch = $3 AND worker_id || '' = $4 AND status || '' = 'RUNNING' "
    "RETURNING id, datasource_id";

}  // namespace assay::store
