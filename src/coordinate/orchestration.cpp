#include "coordinate/orchestration.h"

#include <utility>

namespace assay::coordinate {

Orchestration::Orchestration(Runtime world, OrchestratorOptions wishes, ResourceCoordinator& coordinator)
    : runtime(std::move(world)),
      options(std::move(wishes)),
      resources(coordinator),
      jobs(runtime.clock),
      budgets(runtime.store, runtime.clock) {}

std::string Orchestration::id() const {
  const std::lock_guard lock(mutex_);
  return id_;
}

void Orchestration::set_id(std::string id) {
  const std::lock_guard lock(mutex_);
  id_ = std::move(id);
}

void Orchestration::tell_of_new_tasks() {
  if (on_new_tasks) on_new_tasks();
  runtime.store.announce_change("tasks/" + options.node_group);
}

core::Log log_of(const Orchestration& shared, const HeldJob& job) {
  return shared.runtime.log.with({{"job", job.id}, {"correlation_id", job.correlation_id}});
}

}  // namespace assay::coordinate
