#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/configuration/settings.h"

namespace assay::cli {

/// Where a value comes from; a later one wins.
enum class Origin : uint8_t { fallback, file, environment, flag };

struct ConfiguredValue {
  std::string text;
  Origin origin = Origin::fallback;
  std::string place;  ///< "assay.yaml:12", "ASSAY_DATABASE", "--database"; "default"
};

/// The values in force: each key of all_settings() has one that is in range.
class Configuration {
 public:
  Configuration();  ///< defaults

  /// Throws core::Error(bad_input), beginning with `place`, when the text is not one for the key.
  void set(const Setting& setting, std::string_view text, Origin origin, const std::string& place);

  const ConfiguredValue& value(std::string_view key) const;
  const std::string& text(std::string_view key) const { return value(key).text; }
  uint64_t number(std::string_view key) const;
  /// Whether anybody said so.
  bool is_set(std::string_view key) const { return value(key).origin != Origin::fallback; }

  std::string file;                   ///< that was read; "" none
  std::vector<std::string> warnings;  ///< variables that look like settings and are none

 private:
  std::map<std::string, ConfiguredValue, std::less<>> values_;
};

/// What a command line said of the configuration.
struct ConfigurationArguments {
  std::string file;                                                      ///< --config
  std::map<std::string, std::optional<std::string>, std::less<>> flags;  ///< by key; nullopt: not given
};

/// Looks up one variable of the environment.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The file (--config, else $ASSAY_CONFIG, else ./assay.yaml, else /etc/assay/assay.yaml, where there is one), then the
/// environment, then flags. `names`: all variables there are, to warn of those that mean nothing.
Configuration load_configuration(const ConfigurationArguments& arguments, const Environment& environment,
                                 const std::vector<std::string>& names);
/// The same with this process's environment.
Configuration load_configuration(const ConfigurationArguments& arguments);

/// data_dir, or its default.
std::string data_directory(const Configuration& configuration);
/// database, or the file in data_directory().
std::string database_url(const Configuration& configuration);

/// A URL with its passwords, in the user part and in parameters, replaced by ***.
std::string without_password(std::string_view url);
/// The value as it may be shown.
std::string shown(const Setting& setting, const std::string& text);

}  // namespace assay::cli
