#pragma once

#include <cstdint>
#include <string>

/// Runs a whole system of orchestrators, workers and users in one thread over an in-memory database: one seed decides
/// the scenario, who takes the next turn, how time goes on, and which faults come where.
namespace assay::coordinate::simulation {

struct Report {
  std::string trouble;  ///< what was violated; "" when everything held
  uint64_t turns = 0, operations = 0;
  unsigned crashes = 0, lost_answers = 0, pauses = 0;
  int64_t simulated_ms = 0;
  std::string end;  ///< the job's last status
};

/// One run. Deterministic: the same seed, the same run. `log`: where each operation is written, or null.
Report simulate(uint64_t seed, std::string* log = nullptr);

}  // namespace assay::coordinate::simulation
