#include "coordinate/simulation/scenario.h"

#include <algorithm>
#include <utility>

#include "coordinate/random.h"

namespace assay::coordinate::simulation {
namespace {

// So few that a task with nothing bad in it is never out of attempts.
constexpr uint64_t most_faults = 3;

}  // namespace

Scenario::Scenario(uint64_t chosen) : seed(chosen) {
  Random random(chosen * 2 + 1);
  orchestrators = 1 + static_cast<unsigned>(random.below(3));
  workers = 1 + static_cast<unsigned>(random.below(3));
  slots = 1 + static_cast<unsigned>(random.below(3));
  items = 1 + random.below(60);
  list_tasks = 1 + random.below(std::min<uint64_t>(items, 4));
  most_items = 1 + random.below(8);
  const auto choose = [&](std::set<uint64_t>& set, uint64_t most) {
    for (uint64_t left = random.below(most + 1); left > 0; --left) set.insert(random.below(items));
  };
  if (random.one_in(3)) choose(poison, 2);
  if (random.one_in(3)) choose(permanent, 2);
  if (random.one_in(2)) choose(moody, 3);
  if (random.one_in(4)) choose(hanging, 1);
  if (random.one_in(3)) concurrent_tasks = 1 + static_cast<uint32_t>(random.below(3));
  if (!random.one_in(8)) faults = 1 + static_cast<unsigned>(random.below(most_faults));
  if (random.one_in(4)) {
    const int64_t at_ms = random.between(0, 5'000);
    commands.push_back({at_ms, model::JobCommand::pause});
    commands.push_back({at_ms + random.between(0, 90'000), model::JobCommand::resume});
  }
  if (random.one_in(8)) commands.push_back({random.between(0, 8'000), model::JobCommand::cancel});
  std::sort(commands.begin(), commands.end(), [](const Command& a, const Command& b) {
    return std::pair(a.at_ms, a.command) < std::pair(b.at_ms, b.command);
  });
}

bool Scenario::is_cancelled() const {
  return std::any_of(commands.begin(), commands.end(),
                     [](const Command& command) { return command.command == model::JobCommand::cancel; });
}

}  // namespace assay::coordinate::simulation
