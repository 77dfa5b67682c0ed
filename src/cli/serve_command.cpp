#include "cli/process_commands.h"

namespace assay::cli {

void add_serve_command(CLI::App& app, ExitCode& result, const ProcessRunner& run) {
  add_process_command(app, result, run, ProcessRole::serve,
                      "Run jobs in one process: orchestrator and worker, by default around a SQLite file");
}

}  // namespace assay::cli
