#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace assay::cli {

/// A bound on one source of a job and how much of it is taken.
struct BudgetUse {
  std::string source;
  std::string what;  ///< "tasks", "connections", ...
  uint64_t in_use = 0, limit = 0;
};

/// What can be known about why a job runs or does not.
struct JobFacts {
  store::JobRow job;
  std::vector<store::ProgressRow> progress;  ///< one a datasource
  std::vector<store::ProcessRow> workers, orchestrators;
  std::vector<store::Store::Breaker> breakers;
  std::map<int64_t, std::string> source_names;
  std::vector<BudgetUse> budgets;
  std::optional<int64_t> next_retry_at;
  int64_t now_ms = 0;
};

JobFacts gather_facts(store::Store& store, const store::JobRow& job);

/// The sum over all datasources; job_id of the first.
store::ProgressRow total(const std::vector<store::ProgressRow>& rows);

/// Whether it is COMPLETED, FAILED or CANCELLED.
bool is_over(model::JobStatus status) noexcept;

/// Why the job is not running, or not in full: one sentence each, the weightiest first. Empty when nothing holds it up.
std::vector<std::string> reasons_for_waiting(const JobFacts& facts);

}  // namespace assay::cli
