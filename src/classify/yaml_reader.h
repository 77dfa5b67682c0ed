#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::classify {

/// Reads typed values out of YAML nodes; whatever is wrong is thrown as core::Error(bad_input) "file:line: reason".
class YamlReader {
 public:
  explicit YamlReader(std::string file) : file_(std::move(file)) {}

  const std::string& file() const { return file_; }
  [[noreturn]] void fail(const YAML::Node& at, const std::string& reason) const;

  void expect_map(const YAML::Node& node, std::string_view what) const;
  /// No others, and none of them twice.
  void expect_keys(const YAML::Node& node, std::initializer_list<std::string_view> known) const;
  void expect_each_key_once(const YAML::Node& node) const;

  std::string required_text(const YAML::Node& node, const char* key) const;
  std::string text(const YAML::Node& node, const char* key, std::string_view fallback) const;
  std::vector<std::string> texts(const YAML::Node& node, const char* key) const;
  double number(const YAML::Node& node, const char* key, double fallback, double min, double max) const;
  bool flag(const YAML::Node& node, const char* key, bool fallback) const;

 private:
  std::string file_;
};

}  // namespace assay::classify
