#include "cli/configuration/configuration_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>

#include "classify/yaml_reader.h"
#include "cli/configuration/settings.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t max_file_bytes = 1 << 20;

class Parser {
 public:
  explicit Parser(const std::string& file) : reader_(file) {}

  std::vector<FileValue> parse(const YAML::Node& root) {
    if (!root.IsNull()) map(root, "");
    return std::move(values_);
  }

 private:
  void map(const YAML::Node& node, const std::string& prefix) {
    reader_.expect_map(node, prefix.empty() ? "the configuration" : "'" + prefix.substr(0, prefix.size() - 1) + "'");
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) reader_.fail(entry.first, "a key must be text");
      const std::string key = prefix + entry.first.Scalar();
      if (!seen_.insert(key).second)
        reader_.fail(entry.first, fmt::format("the key '{}' stands here a second time", core::printable(key, 200)));
      if (const Setting* setting = find_setting(key)) value(*setting, entry.second);
      else if (is_section(key)) map(entry.second, key + ".");
      else reader_.fail(entry.first, unknown(key, prefix));
    }
  }

  void value(const Setting& setting, const YAML::Node& node) {
    if (!node.IsScalar()) reader_.fail(node, fmt::format("'{}' must be one value", setting.key));
    try {
      values_.push_back({setting.key, normalised(setting, node.Scalar()), node.Mark().line + 1});
    } catch (const core::Error& error) {
      reader_.fail(node, error.what());
    }
  }

  static bool is_section(const std::string& key) {
    return std::ranges::any_of(all_settings(), [&key](const Setting& s) { return s.key.starts_with(key + "."); });
  }

  static std::string unknown(const std::string& key, const std::string& prefix) {
    std::vector<std::string> known;
    for (const auto& setting : all_settings()) {
      if (!setting.key.starts_with(prefix)) continue;
      const auto rest = setting.key.substr(prefix.size());
      const std::string name(rest.substr(0, rest.find('.')));
      if (std::ranges::find(known, name) == known.end()) known.push_back(name);
    }
    return fmt::format("unknown key '{}'; known here: {}", core::printable(key, 200), fmt::join(known, ", "));
  }

  classify::YamlReader reader_;
  std::set<std::string> seen_;
  std::vector<FileValue> values_;
};

}  // namespace

std::vector<FileValue> parse_configuration(const std::string& yaml, const std::string& file) {
  try {
    return Parser(file).parse(YAML::Load(yaml));
  } catch (const YAML::Exception& error) {
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{}:{}: {}", file, error.mark.line + 1, error.msg));
  }
}

std::vector<FileValue> read_configuration_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw core::error_from_errno("cannot read the configuration file " + path, errno);
  std::string text(max_file_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof()))
    throw core::Error(core::ErrorKind::denied, fmt::format("cannot read the configuration file {}", path));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > max_file_bytes)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} is too large for a configuration file", path));
  return parse_configuration(text, path);
}

}  // namespace assay::cli
