// assay: the command line. Each command is a file in cli/; this is their table of contents.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "app/process.h"
#include "app/sources.h"
#include "app/version.h"
#include "cli/commands.h"
#include "cli/process_commands.h"
#include "cli/usage_error.h"
#include "core/error.h"

namespace {

using assay::cli::ExitCode;

ExitCode exit_code_of(const assay::core::Error& error) {
  using assay::core::ErrorKind;
  return error.kind() == ErrorKind::bad_input || error.kind() == ErrorKind::not_found ? ExitCode::usage
                                                                                      : ExitCode::failed;
}

// Objects on their way to examiners are open descriptors; the usual soft limit of 1024 is soon reached.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int run(int argc, char** argv) {
  CLI::App app("Assay finds, classifies and acts on sensitive data wherever it is kept.", "assay");
  app.set_version_flag("--version", ASSAY_VERSION);
  app.require_subcommand(1);
  app.footer("`assay COMMAND --help` tells more. Start with: assay scan .");

  ExitCode result = ExitCode::clean;
  assay::cli::add_scan_command(app, assay::app::source_access(), result);
  assay::cli::add_rules_command(app, result);
  assay::cli::add_explain_command(app, result);
  assay::cli::add_doctor_command(app, result);
  assay::cli::add_source_command(app, assay::app::source_access(), result);
  assay::cli::add_template_command(app, result);
  assay::cli::add_job_command(app, result);
  assay::cli::add_findings_command(app, result);
  assay::cli::add_catalog_command(app, result);
  assay::cli::add_serve_command(app, result, assay::app::run_process);
  assay::cli::add_orchestrator_command(app, result, assay::app::run_process);
  assay::cli::add_worker_command(app, result, assay::app::run_process);
  assay::cli::add_key_command(app, result);
  assay::cli::add_credential_command(app, result);
  assay::cli::add_db_command(app, result);
  assay::cli::add_config_command(app, result);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help and the like
    std::fprintf(stderr, "%s\n", assay::cli::usage_error(app, error).c_str());
    return static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(result);
}

}  // namespace

int main(int argc, char** argv) {
  raise_descriptor_limit();
  try {
    return run(argc, argv);
  } catch (const assay::core::Error& error) {
    std::fprintf(stderr, "assay: %s\n", error.what());
    return static_cast<int>(exit_code_of(error));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "assay: internal error: %s\n", error.what());
    return static_cast<int>(ExitCode::failed);
  }
}
