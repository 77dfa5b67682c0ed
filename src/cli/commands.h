#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/exit_code.h"
#include "scan/jobs/source_access.h"

namespace assay::cli {

/// Each adds one command to the program. The command's callback leaves its exit code in `result`; `access` outlives it.
void add_scan_command(CLI::App& app, const scan::SourceAccess& access, ExitCode& result);
void add_rules_command(CLI::App& app, ExitCode& result);
void add_explain_command(CLI::App& app, ExitCode& result);
void add_doctor_command(CLI::App& app, ExitCode& result);
void add_config_command(CLI::App& app, ExitCode& result);
void add_db_command(CLI::App& app, ExitCode& result);
void add_source_command(CLI::App& app, const scan::SourceAccess& access, ExitCode& result);
void add_template_command(CLI::App& app, ExitCode& result);
void add_job_command(CLI::App& app, ExitCode& result);
void add_findings_command(CLI::App& app, ExitCode& result);
void add_catalog_command(CLI::App& app, ExitCode& result);
void add_key_command(CLI::App& app, ExitCode& result);
void add_credential_command(CLI::App& app, ExitCode& result);

}  // namespace assay::cli
