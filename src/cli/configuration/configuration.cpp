#include "cli/configuration/configuration.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include "cli/configuration/configuration_file.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr std::string_view system_file = "/etc/assay/assay.yaml";
constexpr std::string_view own_file = "assay.yaml";

// Variables that other parts of Assay read, and those of its build.
bool is_known_variable(const std::string& name) {
  static const std::set<std::string, std::less<>> others = {
      "ASSAY_CONFIG",          "ASSAY_EXAMINER",      "ASSAY_FAULT_HOLD", "ASSAY_FAULT_POINTS",
      "ASSAY_FINGERPRINT_KEY", "ASSAY_OPERATION_LOG", "ASSAY_SANITIZERS"};
  return others.contains(name) ||
         std::ranges::any_of(all_settings(), [&name](const Setting& s) { return environment_name(s) == name; });
}

std::string file_to_read(const ConfigurationArguments& arguments, const Environment& environment) {
  if (!arguments.file.empty()) return arguments.file;
  if (const auto named = environment("ASSAY_CONFIG"); named && !named->empty()) return *named;
  for (const auto usual : {own_file, system_file})
    if (::access(std::string(usual).c_str(), F_OK) == 0) return std::string(usual);
  return {};
}

}  // namespace

Configuration::Configuration() {
  for (const auto& setting : all_settings()) set(setting, setting.default_text, Origin::fallback, "default");
}

void Configuration::set(const Setting& setting, std::string_view text, Origin origin, const std::string& place) {
  try {
    values_[std::string(setting.key)] = {normalised(setting, text), origin, place};
  } catch (const core::Error& error) {
    throw core::Error(error.kind(), fmt::format("{}: {}", place, error.what()));
  }
}

const ConfiguredValue& Configuration::value(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) throw core::Error(core::ErrorKind::bug, fmt::format("there is no setting '{}'", key));
  return found->second;
}

uint64_t Configuration::number(std::string_view key) const {
  const std::string& digits = text(key);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw core::Error(core::ErrorKind::bug, fmt::format("the setting '{}' is no number", key));
  return number;
}

Configuration load_configuration(const ConfigurationArguments& arguments, const Environment& environment,
                                 const std::vector<std::string>& names) {
  Configuration configuration;
  configuration.file = file_to_read(arguments, environment);
  if (!configuration.file.empty())
    for (const auto& [key, text, line] : read_configuration_file(configuration.file))
      configuration.set(*find_setting(key), text, Origin::file, fmt::format("{}:{}", configuration.file, line));
  for (const auto& setting : all_settings()) {
    const std::string name = environment_name(setting);
    if (const auto text = environment(name)) configuration.set(setting, *text, Origin::environment, name);
  }
  for (const auto& [key, text] : arguments.flags) {
    const Setting* setting = find_setting(key);
    if (setting == nullptr) throw core::Error(core::ErrorKind::bug, fmt::format("a flag sets '{}'", key));
    if (text) configuration.set(*setting, *text, Origin::flag, flag_name(*setting));
  }
  for (const auto& name : names)
    if (name.starts_with("ASSAY_") && !is_known_variable(name))
      configuration.warnings.push_back(
          fmt::format("the variable {} means nothing to Assay; `assay config show` names those that do",
                      core::printable(name, 200)));
  return configuration;
}

Configuration load_configuration(const ConfigurationArguments& arguments) {
  std::vector<std::string> names;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    names.emplace_back(text.substr(0, text.find('=')));
  }
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* text = std::getenv(name.c_str());
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
  };
  return load_configuration(arguments, environment, names);
}

std::string data_directory(const Configuration& configuration) {
  if (const auto& given = configuration.text("data_dir"); !given.empty()) return given;
  if (::geteuid() == 0) return "/var/lib/assay";
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/')
    return std::string(data) + "/assay";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.local/share/assay";
  throw core::Error(core::ErrorKind::bad_input, "there is no home directory to keep the database in; say --data-dir");
}

std::string database_url(const Configuration& configuration) {
  if (const auto& given = configuration.text("database"); !given.empty()) return given;
  return "sqlite:" + data_directory(configuration) + "/assay.db";
}

std::string without_password(std::string_view url) {
  std::string out(url);
  if (const size_t scheme = out.find("://"); scheme != std::string::npos) {
    const size_t begin = scheme + 3;
    // A password may hold an unescaped @, / or ?: rather too much is hidden than a part shown.
    const size_t at = out.rfind('@');
    const size_t colon = out.find(':', begin);
    if (at != std::string::npos && at > begin && colon < at) out.replace(colon + 1, at - colon - 1, "***");
  }
  for (size_t query = out.find('?'); query != std::string::npos && query < out.size();) {
    const size_t begin = query + 1;
    const size_t end = std::min(out.find('&', begin), out.size());
    const size_t equals = out.find('=', begin);
    const bool is_secret = equals < end && out.substr(begin, equals - begin).find("password") != std::string::npos;
    if (is_secret) out.replace(equals + 1, end - equals - 1, "***");
    query = out.find('&', begin);
  }
  return out;
}

std::string shown(const Setting& setting, const std::string& text) {
  return core::printable(setting.type == SettingType::url ? without_password(text) : text, 4096);
}

}  // namespace assay::cli
