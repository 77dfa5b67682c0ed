// The command line of every command, parsed and not obeyed: a word on each line.
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/line_place.h"
#include "core/error.h"
#include "fuzz/harness.h"
#include "scan/jobs/source_access.h"

using namespace assay;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> words;
  std::string_view rest = fuzz::as_text(data, size);
  for (size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1))
    words.emplace(words.begin(), rest.substr(0, end));  // CLI11 wants them from the last to the first
  words.emplace(words.begin(), rest);

  CLI::App app("", "assay");
  cli::ExitCode result = cli::ExitCode::clean;
  cli::add_scan_command(app, scan::files_access(), result);
  cli::add_rules_command(app, result);
  cli::add_explain_command(app, result);
  cli::add_doctor_command(app, result);
  // Comes when all words are understood and no command has begun.
  app.parse_complete_callback([] { throw CLI::Success(); });
  try {
    app.parse(words);
    fuzz::require(false, "no command is obeyed");
  } catch (const CLI::ParseError&) {  // refused, or not obeyed
  } catch (const core::Error&) {
  }
  try {
    cli::parse_line_place(std::string(rest), [](const std::string& path) { return path.size() % 2 == 0; });
  } catch (const core::Error& error) {
    fuzz::require(error.kind() == core::ErrorKind::bad_input, "a bad place is the user's error");
  }
  return 0;
}
