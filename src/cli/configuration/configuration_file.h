#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::cli {

/// One value of a configuration file, normalised.
struct FileValue {
  std::string_view key;  ///< of a Setting
  std::string text;
  int line = 0;  ///< 1-based
};

/// Reads YAML: maps nested as the keys' dots say. Throws core::Error(bad_input) as "file:line: reason" for what is no
/// YAML, unknown keys, keys that stand twice, and values out of range.
std::vector<FileValue> parse_configuration(const std::string& yaml, const std::string& file);

/// The same from a file of at most a megabyte; not_found when there is none.
std::vector<FileValue> read_configuration_file(const std::string& path);

}  // namespace assay::cli
