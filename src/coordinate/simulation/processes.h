#pragma once

#include <memory>
#include <string>

#include "coordinate/simulation/world.h"

namespace assay::coordinate::simulation {

/// The five loops of an orchestrator.
class OrchestratorProcess final : public Process {
 public:
  using Process::Process;
  void start() override;
  void tear_down() override;

 private:
  std::unique_ptr<ObservedStore> store_;
  std::unique_ptr<ResourceCoordinator> resources_;
  std::unique_ptr<OrchestratorParts> parts_;
  std::vector<std::unique_ptr<GuardedLoop>> loops_;
};

/// The loops of a worker, and its slots, each of which runs an attempt in a turn.
class WorkerProcess final : public Process {
 public:
  using Process::Process;
  void start() override;
  void tear_down() override;

 private:
  std::unique_ptr<ObservedStore> store_;
  std::unique_ptr<WorkerParts> parts_;
  std::vector<std::unique_ptr<GuardedLoop>> loops_;
};

}  // namespace assay::coordinate::simulation
