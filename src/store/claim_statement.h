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

}  // namespace assay::store
