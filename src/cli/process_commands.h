#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string_view>

#include "cli/configuration/configuration.h"
#include "cli/exit_code.h"

namespace assay::cli {

/// What a process that goes on until it is told to stop does around the database.
enum class ProcessRole : uint8_t { serve, orchestrator, worker };

std::string_view to_string(ProcessRole role) noexcept;

/// Runs one until a signal ends it. What it is made of lies in rooms that this one does not know: app/ gives it.
using ProcessRunner = std::function<ExitCode(ProcessRole role, const Configuration& configuration)>;

void add_serve_command(CLI::App& app, ExitCode& result, const ProcessRunner& run);
void add_orchestrator_command(CLI::App& app, ExitCode& result, const ProcessRunner& run);
void add_worker_command(CLI::App& app, ExitCode& result, const ProcessRunner& run);

/// What the three have in common.
CLI::App* add_process_command(CLI::App& app, ExitCode& result, const ProcessRunner& run, ProcessRole role,
                              const char* help);

}  // namespace assay::cli
