#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What an installation of Assay can be told: every key, where it may stand, and what it may say
/// (docs/configuration.md).
namespace assay::cli {

enum class SettingType : uint8_t { text, path, url, integer, bytes, choice };

/// One key of the configuration.
struct Setting {
  std::string_view key;  ///< dots stand for nesting in the file: "worker.concurrency"
  SettingType type = SettingType::text;
  std::string_view default_text;
  std::string_view help;
  uint64_t min = 0, max = std::numeric_limits<int64_t>::max();  ///< integer and bytes
  std::vector<std::string_view> choices;                        ///< choice
};

/// All of them, in the order of the table in docs/configuration.md.
std::span<const Setting> all_settings();
/// nullptr: there is none.
const Setting* find_setting(std::string_view key);

/// "worker.concurrency" is ASSAY_WORKER_CONCURRENCY ...
std::string environment_name(const Setting& setting);
/// ... and --worker-concurrency: one rule for all keys.
std::string flag_name(const Setting& setting);

/// The value in the form in which it is kept (bytes as a plain number). Throws
/// core::Error(bad_input) with what was expected, without the place: the caller knows it.
std::string normalised(const Setting& setting, std::string_view text);

}  // namespace assay::cli
