#include "classify/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/printable.h"

namespace assay::classify {
namespace {

constexpr size_t most_shown_bytes = 200;  // of a key

}  // namespace

void YamlReader::fail(const YAML::Node& at, const std::string& reason) const {
  // Asking an absent node for its mark would throw; an empty document's mark is before its first line.
  const int line = at.IsDefined() ? std::max(at.Mark().line, 0) + 1 : 1;
  throw core::Error(core::ErrorKind::bad_input, fmt::format("{}:{}: {}", file_, line, reason));
}

void YamlReader::expect_map(const YAML::Node& node, std::string_view what) const {
  if (!node.IsMap()) fail(node, fmt::format("{} must be a map of keys and values", what));
}

void YamlReader::expect_keys(const YAML::Node& node, std::initializer_list<std::string_view> known) const {
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>("");
    if (std::ranges::find(known, key) == known.end())
      fail(entry.first, fmt::format("unknown key '{}'; known here: {}", core::printable(key, most_shown_bytes),
                                    fmt::join(known, ", ")));
  }
  expect_each_key_once(node);
}

void YamlReader::expect_each_key_once(const YAML::Node& node) const {
  std::map<std::string, int> lines;
  for (const auto& entry : node) {
    const auto key = entry.first.as<std::string>("");
    const auto [first, added] = lines.emplace(key, entry.first.Mark().line + 1);
    if (!added)
      fail(entry.first, fmt::format("the key '{}' is there already, in line {}", core::printable(key, most_shown_bytes),
                                    first->second));
  }
}

std::string YamlReader::required_text(const YAML::Node& node, const char* key) const {
  const YAML::Node value = node[key];
  if (!value || !value.IsScalar() || value.Scalar().empty())
    fail(value ? value : node, fmt::format("'{}' is missing or not text", key));
  return value.Scalar();
}

std::string YamlReader::text(const YAML::Node& node, const char* key, std::string_view fallback) const {
  const YAML::Node value = node[key];
  if (!value) return std::string(fallback);
  if (!value.IsScalar()) fail(value, fmt::format("'{}' must be text", key));
  return value.Scalar();
}

std::vector<std::string> YamlReader::texts(const YAML::Node& node, const char* key) const {
  std::vector<std::string> list;
  const YAML::Node value = node[key];
  if (!value || value.IsNull()) return list;
  if (value.IsScalar()) return {value.Scalar()};
  if (!value.IsSequence()) fail(value, fmt::format("'{}' must be a list of texts", key));
  for (const auto& item : value) {
    if (!item.IsScalar()) fail(item, fmt::format("'{}' must be a list of texts", key));
    list.push_back(item.Scalar());
  }
  return list;
}

double YamlReader::number(const YAML::Node& node, const char* key, double fallback, double min, double max) const {
  const YAML::Node value = node[key];
  if (!value) return fallback;
  double n = 0;
  if (!value.IsScalar() || !YAML::convert<double>::decode(value, n) || !(n >= min && n <= max))
    fail(value, fmt::format("'{}' must be a number from {} to {}", key, min, max));
  return n;
}

bool YamlReader::flag(const YAML::Node& node, const char* key, bool fallback) const {
  const YAML::Node value = node[key];
  if (!value) return fallback;
  bool flag = false;
  if (!value.IsScalar() || !YAML::convert<bool>::decode(value, flag))
    fail(value, fmt::format("'{}' must be true or false", key));
  return flag;
}

}  // namespace assay::classify
