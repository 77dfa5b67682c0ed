#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace assay::cli {

/// What was wrong with a command line that `app` refused with `error`: what it says of it, and, where a word is no
/// command or option, which word, and the nearest one that is.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace assay::cli
