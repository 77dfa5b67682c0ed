#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "model/work.h"

namespace assay::coordinate::simulation {

/// What one run is about; all of it follows from its seed.
struct Scenario {
  explicit Scenario(uint64_t seed);

  uint64_t seed = 0;
  unsigned orchestrators = 1, workers = 1, slots = 1;
  uint64_t items = 0;             ///< numbered from 0
  uint64_t list_tasks = 1;        ///< that list them
  uint64_t most_items = 8;        ///< in a packet
  std::set<uint64_t> poison;      ///< items that kill whoever reads them, each time
  std::set<uint64_t> permanent;   ///< items that fail for good
  std::set<uint64_t> moody;       ///< items whose first attempt fails, and whose second succeeds
  std::set<uint64_t> hanging;     ///< items whose first attempt runs past its deadline
  uint32_t concurrent_tasks = 0;  ///< budget of the datasource; 0: none
  unsigned faults = 0;            ///< crashes, lost answers, pauses
  struct Command {
    int64_t at_ms = 0;
    model::JobCommand command = model::JobCommand::pause;
  };
  std::vector<Command> commands;  ///< in order of time
  bool is_cancelled() const;
};

}  // namespace assay::coordinate::simulation
