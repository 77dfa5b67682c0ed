#include "cli/process_commands.h"

namespace assay::cli {

void add_worker_command(CLI::App& app, ExitCode& result, const ProcessRunner& run) {
  add_process_command(app, result, run, ProcessRole::worker,
                      "Do the tasks of a node group, together with any number of others");
}

}  // namespace assay::cli
