#include "cli/process_commands.h"

namespace assay::cli {

void add_orchestrator_command(CLI::App& app, ExitCode& result, const ProcessRunner& run) {
  add_process_command(app, result, run, ProcessRole::orchestrator,
                      "Bring the jobs of a node group to their end, together with any number of others");
}

}  // namespace assay::cli
