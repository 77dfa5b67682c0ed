#include "cli/usage_error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "core/nearest_name.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t max_shown_bytes = 256;

// The command that was understood last: of "assay rules shwo" it is "rules".
const CLI::App& last_command(const CLI::App& app, std::string& name) {
  const CLI::App* command = &app;
  name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  return *command;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string unknown(const std::string& what, const std::string& word, const std::vector<std::string>& names) {
  return fmt::format("there is no {} '{}'{}", what, core::printable(word, max_shown_bytes),
                     core::did_you_mean(word, names));
}

}  // namespace

std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
  std::string name;
  const CLI::App& command = last_command(app, name);
  const auto rest = command.remaining();
  const auto commands = commands_of(command);
  const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const bool is_command_missing = !commands.empty() && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  std::string what = core::printable(error.what(), 4096);
  if (!rest.empty() && (is_extra || is_command_missing)) {
    const std::string word =
        rest.front().substr(0, rest.front().starts_with("--") ? rest.front().find('=') : std::string::npos);
    if (word.starts_with('-')) what = unknown("option", word, options_of(command));
    else if (is_command_missing) what = unknown("command", word, commands);
    else what = fmt::format("nothing is expected where '{}' stands", core::printable(word, max_shown_bytes));
  } else if (is_command_missing) {
    what = fmt::format("a command is missing; there are {}", fmt::join(commands, ", "));
  }
  return fmt::format("{}: {}\n`{} --help` tells more.", name, what, name);
}

}  // namespace assay::cli
