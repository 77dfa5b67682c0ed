#include "cli/process_commands.h"

#include <fmt/format.h>

#include "cli/configuration/configuration_flags.h"

namespace assay::cli {

std::string_view to_string(ProcessRole role) noexcept {
  switch (role) {
    case ProcessRole::serve: return "serve";
    case ProcessRole::orchestrator: return "orchestrator";
    case ProcessRole::worker: break;
  }
  return "worker";
}

CLI::App* add_process_command(CLI::App& app, ExitCode& result, const ProcessRunner& run, ProcessRole role,
                              const char* help) {
  auto* command = app.add_subcommand(std::string(to_string(role)), help);
  const auto arguments = add_all_configuration_flags(*command);
  command->footer(
      "Ends in order with SIGTERM or SIGINT: what has begun may end within worker.grace_ms, the rest is given back. A\n"
      "second signal ends it at once. Logs as JSON lines to standard error.\n\n"
      "Exit codes: 0 ended as asked, 2 usage, 4 failed");
  command->callback([arguments, run, role, &result] {
    const auto configuration = load_configuration(*arguments);
    for (const auto& warning : configuration.warnings) fmt::print(stderr, "assay: {}\n", warning);
    result = run(role, configuration);
  });
  return command;
}

}  // namespace assay::cli
