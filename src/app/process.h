#pragma once

#include "cli/configuration/configuration.h"
#include "cli/exit_code.h"
#include "cli/process_commands.h"

/// Where concrete classes are named and wired together.
namespace assay::app {

/// Runs `assay serve`, `orchestrator` or `worker` until a signal ends it. Throws core::Error when it cannot begin.
cli::ExitCode run_process(cli::ProcessRole role, const cli::Configuration& configuration);

}  // namespace assay::app
