#include "cli/configuration/configuration_flags.h"

#include <fmt/format.h>

namespace assay::cli {
namespace {

std::string placeholder(const Setting& setting) {
  switch (setting.type) {
    case SettingType::url: return "URL";
    case SettingType::path: return "PATH";
    case SettingType::integer: return "N";
    case SettingType::bytes: return "BYTES";
    case SettingType::choice: return fmt::format("{}", fmt::join(setting.choices, "|"));
    case SettingType::text: break;
  }
  return "TEXT";
}

}  // namespace

std::shared_ptr<ConfigurationArguments> add_configuration_flags(CLI::App& command,
                                                                const std::vector<std::string_view>& keys) {
  auto arguments = std::make_shared<ConfigurationArguments>();
  command.add_option("--config", arguments->file, "Configuration file (docs/configuration.md)")
      ->type_name("FILE")
      ->group("Configuration");
  for (const auto& setting : all_settings()) {
    if (std::ranges::find(keys, setting.key) == keys.end()) continue;
    std::string help(setting.help);
    if (!setting.default_text.empty()) help += fmt::format(" [{}]", setting.default_text);
    command.add_option(flag_name(setting), arguments->flags[std::string(setting.key)], help)
        ->type_name(placeholder(setting))
        ->group("Configuration");
  }
  return arguments;
}

std::shared_ptr<ConfigurationArguments> add_all_configuration_flags(CLI::App& command) {
  std::vector<std::string_view> keys;
  for (const auto& setting : all_settings()) keys.push_back(setting.key);
  return add_configuration_flags(command, keys);
}

std::shared_ptr<ConfigurationArguments> add_database_flags(CLI::App& command) {
  return add_configuration_flags(command, {"database", "data_dir"});
}

}  // namespace assay::cli
