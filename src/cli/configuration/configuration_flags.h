#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string_view>
#include <vector>

#include "cli/configuration/configuration.h"

namespace assay::cli {

/// Adds --config and one flag for each of `keys` to a command. What was given is in the result once the command line
/// was parsed; the command must not outlive the shared object that its callback keeps.
std::shared_ptr<ConfigurationArguments> add_configuration_flags(CLI::App& command,
                                                                const std::vector<std::string_view>& keys);
/// For commands that run processes, and for `config show`: all of them.
std::shared_ptr<ConfigurationArguments> add_all_configuration_flags(CLI::App& command);
/// For commands that only speak to the database: --database and --data-dir.
std::shared_ptr<ConfigurationArguments> add_database_flags(CLI::App& command);

}  // namespace assay::cli
