#pragma once

#include "cli/configuration/configuration.h"
#include "coordinate/orchestration.h"
#include "coordinate/worker_options.h"

namespace assay::app {

// What the configuration says to the parts of a process.
coordinate::WorkerOptions worker_options(const cli::Configuration& configuration);
coordinate::OrchestratorOptions orchestrator_options(const cli::Configuration& configuration);

}  // namespace assay::app
