#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/report/json_text.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

void print_text(const Configuration& configuration) {
  size_t key_width = 0, text_width = 0;
  for (const auto& setting : all_settings()) {
    key_width = std::max(key_width, setting.key.size());
    text_width = std::max(text_width, std::min<size_t>(48, shown(setting, configuration.text(setting.key)).size()));
  }
  for (const auto& setting : all_settings()) {
    const auto& value = configuration.value(setting.key);
    const std::string text = shown(setting, value.text);
    fmt::print("{:<{}}  {:<{}}  {}\n", setting.key, key_width, text.empty() ? "-" : text, text_width, value.place);
  }
  fmt::print("\nfile: {}\ndatabase: {}\n", configuration.file.empty() ? "none" : configuration.file,
             without_password(database_url(configuration)));
}

void print_json(const Configuration& configuration) {
  json::object values;
  for (const auto& setting : all_settings()) {
    const auto& value = configuration.value(setting.key);
    const bool is_number = setting.type == SettingType::integer || setting.type == SettingType::bytes;
    values[setting.key] = json::object{
        {"value", is_number ? json::value(configuration.number(setting.key)) : json::value(shown(setting, value.text))},
        {"origin", value.place},
        {"environment", environment_name(setting)},
        {"flag", flag_name(setting)}};
  }
  fmt::print("{}\n", to_text(json::object{{"file", configuration.file},
                                          {"database", without_password(database_url(configuration))},
                                          {"values", std::move(values)}}));
}

}  // namespace

void add_config_command(CLI::App& app, ExitCode& result) {
  auto* config = app.add_subcommand("config", "Show the configuration in force");
  config->require_subcommand(1);
  auto* show = config->add_subcommand("show", "Show every key, its value and where it comes from; secrets are hidden");
  const auto format = std::make_shared<std::string>("table");
  show->add_option("--format", *format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  const auto arguments = add_all_configuration_flags(*show);
  show->callback([format, arguments, &result] {
    const auto configuration = load_configuration(*arguments);
    for (const auto& warning : configuration.warnings) fmt::print(stderr, "assay: {}\n", warning);
    if (*format == "json") print_json(configuration);
    else print_text(configuration);
    result = ExitCode::clean;
  });
}

}  // namespace assay::cli
