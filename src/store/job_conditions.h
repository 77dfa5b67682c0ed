#pragma once

#include <string_view>

/// Conditions on jobs.status as the schema's partial indexes spell them, for statements that use those indexes. A test
/// holds them to the state machine.
namespace assay::store {

inline constexpr std::string_view statuses_of_active_jobs = "('RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING')";
inline constexpr std::string_view statuses_of_jobs_that_are_over = "('CANCELLED', 'COMPLETED', 'FAILED')";

#define ASSAY_ACTIVE_JOB "status IN ('RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING')"
#define ASSAY_JOB_IS_OVER "status IN ('CANCELLED', 'COMPLETED', 'FAILED')"

}  // namespace assay::store
