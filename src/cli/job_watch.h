#pragma once

#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "store/store.h"

namespace assay::cli {

/// Shows how jobs advance until all are over: on a terminal one line, redrawn; else a plain line whenever something
/// changed, at most one a second. Says once why nothing happens. SIGINT ends the watching, never the jobs.
/// clean when all are COMPLETED and read in full, incomplete when something was not or the watching was ended, failed
/// when one is FAILED or CANCELLED.
ExitCode watch_jobs(store::Store& store, const std::vector<int64_t>& job_ids);

/// The jobs that "7" or "m3" (all of master job 3) mean. Throws core::Error: bad_input when it is neither, not_found
/// when there are none.
std::vector<store::JobRow> jobs_named(store::Store& store, std::string_view name);

}  // namespace assay::cli
