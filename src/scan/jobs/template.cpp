#include "scan/jobs/template.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <iterator>
#include <set>

#include "classify/yaml_reader.h"
#include "core/byte_size.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::scan {
namespace {

using classify::YamlReader;
namespace json = boost::json;

constexpr size_t max_name_bytes = 200;
constexpr size_t max_sources = 10'000;
constexpr int32_t most_priority = 1'000'000;
constexpr int32_t most_attempts = 100;

// A bound of model::Limits and its key in a template.
struct LimitKey {
  const char* key;
  void (*set)(model::Limits&, uint64_t);
  bool is_size;
  uint64_t min, max;
};

constexpr uint64_t any_size = INT64_MAX;
constexpr LimitKey limit_keys[] = {
    {"max_object_bytes", [](model::Limits& l, uint64_t n) { l.max_object_bytes = n; }, true, 0, any_size},
    {"max_expanded_bytes", [](model::Limits& l, uint64_t n) { l.max_expanded_bytes = n; }, true, 1, any_size},
    {"max_member_bytes", [](model::Limits& l, uint64_t n) { l.max_member_bytes = n; }, true, 1, any_size},
    {"max_worker_memory_bytes", [](model::Limits& l, uint64_t n) { l.max_worker_memory_bytes = n; }, true, 1, any_size},
    {"max_expansion_ratio", [](model::Limits& l, uint64_t n) { l.max_expansion_ratio = static_cast<uint32_t>(n); },
     false, 1, UINT32_MAX},
    {"max_depth", [](model::Limits& l, uint64_t n) { l.max_depth = static_cast<uint32_t>(n); }, false, 0, 1000},
    {"max_members", [](model::Limits& l, uint64_t n) { l.max_members = n; }, false, 0, any_size},
    {"max_findings_per_object", [](model::Limits& l, uint64_t n) { l.max_findings_per_object = n; }, false, 1,
     any_size},
    {"max_object_cpu_ms", [](model::Limits& l, uint64_t n) { l.max_object_cpu_ms = n; }, false, 1, any_size},
    {"max_object_wall_ms", [](model::Limits& l, uint64_t n) { l.max_object_wall_ms = n; }, false, 1, any_size},
    {"max_no_progress_ms", [](model::Limits& l, uint64_t n) { l.max_no_progress_ms = n; }, false, 1, any_size},
};

// The largest number there is tells nobody anything.
std::string range(uint64_t min, uint64_t max) {
  return max == any_size ? fmt::format("from {} on", min) : fmt::format("from {} to {}", min, max);
}

// Bounds of numbers and sizes; 64-bit, which YamlReader's doubles are not.
void read_limits(const YamlReader& reader, const YAML::Node& node, model::Limits& limits) {
  if (!node) return;
  reader.expect_map(node, "'limits'");
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
    const auto* known = std::ranges::find(limit_keys, name, [](const LimitKey& key) { return std::string(key.key); });
    if (known == std::end(limit_keys)) {
      std::vector<std::string> names;
      std::ranges::transform(limit_keys, std::back_inserter(names), &LimitKey::key);
      reader.fail(entry.first, fmt::format("unknown key '{}'; known here: {}", core::printable(name, max_name_bytes),
                                           fmt::join(names, ", ")));
    }
    const std::string text = entry.second.IsScalar() ? entry.second.Scalar() : "";
    const bool may_be = known->is_size || text.find_first_not_of("0123456789") == std::string::npos;
    const auto number = may_be ? core::parse_byte_size(text) : std::nullopt;
    if (!number || *number < known->min || *number > known->max)
      reader.fail(entry.second,
                  fmt::format("'{}' must be {} {}", name, known->is_size ? "a size, as 4096 or 64M," : "a whole number",
                              range(known->min, known->max)));
    known->set(limits, *number);
  }
}

void expect_each_key_once(const YamlReader& reader, const YAML::Node& node) {
  std::set<std::string> seen;
  for (const auto& entry : node)
    if (entry.first.IsScalar() && !seen.insert(entry.first.Scalar()).second)
      reader.fail(entry.first, fmt::format("the key '{}' stands here a second time", entry.first.Scalar()));
}

std::string read_name(const YamlReader& reader, const YAML::Node& node) {
  std::string name = reader.required_text(node, "name");
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (name.size() > max_name_bytes || std::ranges::any_of(name, is_bad))
    reader.fail(node["name"], fmt::format("'name' must be one line of at most {} bytes", max_name_bytes));
  return name;
}

std::vector<std::string> read_sources(const YamlReader& reader, const YAML::Node& node) {
  auto sources = reader.texts(node, "sources");
  const YAML::Node& at = node["sources"] ? node["sources"] : node;
  if (sources.empty()) reader.fail(at, "'sources' names no source");
  if (sources.size() > max_sources) reader.fail(at, fmt::format("'sources' names more than {} sources", max_sources));
  std::set<std::string> seen;
  for (size_t i = 0; i < sources.size(); ++i)
    if (!seen.insert(sources[i]).second)
      reader.fail(at.IsSequence() ? at[i] : at,
                  fmt::format("the source '{}' is named a second time", core::printable(sources[i], max_name_bytes)));
  return sources;
}

std::vector<classify::RuleSource> read_rules(const YamlReader& reader, const YAML::Node& node,
                                             const std::string& directory) {
  std::vector<classify::RuleSource> rules;
  if (reader.flag(node, "builtin_rules", true)) rules = classify::builtin_rule_sources();
  const YAML::Node list = node["rules"];
  for (const auto& named : reader.texts(node, "rules")) {
    std::vector<classify::RuleSource> more;
    try {
      more = classify::read_rule_directory((std::filesystem::path(directory) / named).string());
    } catch (const core::Error& error) {
      reader.fail(list, error.what());
    }
    if (more.empty()) reader.fail(list, fmt::format("{} holds no rule files (*.yaml)", core::printable(named, 4096)));
    std::ranges::move(more, std::back_inserter(rules));
  }
  if (rules.empty())
    reader.fail(node["builtin_rules"], "a template without rules: with builtin_rules: false, 'rules' must name some");
  return rules;
}

void check_entities(const YamlReader& reader, const YAML::Node& node, const std::vector<std::string>& entities,
                    const std::vector<classify::RuleSource>& sources) {
  std::set<std::string> known;
  for (const auto& rule : classify::load_rules(sources)) known.insert(rule.entity);
  for (const auto& entity : entities)
    if (!known.contains(entity))
      reader.fail(node["entities"], fmt::format("there is no entity '{}'; `assay rules list --entities` shows them",
                                                core::printable(entity, max_name_bytes)));
}

int32_t read_integer(const YamlReader& reader, const YAML::Node& node, const char* key, int32_t fallback, int32_t min,
                     int32_t max) {
  const double number = reader.number(node, key, fallback, min, max);
  if (number != std::floor(number)) reader.fail(node[key], fmt::format("'{}' must be a whole number", key));
  return static_cast<int32_t>(number);
}

std::optional<uint64_t> read_size(const YamlReader& reader, const YAML::Node& node, const char* key, uint64_t min,
                                  uint64_t max) {
  if (!node[key]) return std::nullopt;
  const auto size = core::parse_byte_size(node[key].IsScalar() ? node[key].Scalar() : "");
  if (!size || *size < min || *size > max)
    reader.fail(node[key], fmt::format("'{}' must be a size, as 4096 or 64M, {}", key, range(min, max)));
  return size;
}

ScanTemplate read_template(const YamlReader& reader, const YAML::Node& node, const std::string& directory,
                           std::vector<classify::RuleSource>& rules) {
  if (!node.IsDefined() || node.IsNull()) reader.fail(node, "a template must have a name and sources; this is empty");
  reader.expect_map(node, "a template");
  reader.expect_keys(node, {"name", "description", "sources", "rules", "builtin_rules", "entities", "min_confidence",
                            "ocr", "ocr_languages", "binaries", "quality", "full", "priority", "max_attempts", "limits",
                            "split_from", "range_bytes"});
  expect_each_key_once(reader, node);
  ScanTemplate t;
  t.name = read_name(reader, node);
  reader.text(node, "description", "");  // for people who read the file
  t.sources = read_sources(reader, node);
  t.priority = read_integer(reader, node, "priority", t.priority, -most_priority, most_priority);
  t.max_attempts = read_integer(reader, node, "max_attempts", t.max_attempts, 1, most_attempts);
  t.options.entities = reader.texts(node, "entities");
  t.options.min_confidence = reader.number(node, "min_confidence", t.options.min_confidence, 0.0, 1.0);
  t.options.ocr = reader.flag(node, "ocr", t.options.ocr);
  t.options.binaries = reader.flag(node, "binaries", t.options.binaries);
  // A source whose objects are tables is profiled unless it is not wished; tables in files only when it is.
  t.options.profile = !node["quality"]                     ? model::ProfileScope::databases
                      : reader.flag(node, "quality", true) ? model::ProfileScope::all
                                                           : model::ProfileScope::none;
  t.options.full = reader.flag(node, "full", t.options.full);
  if (node["ocr_languages"]) t.options.ocr_languages = reader.texts(node, "ocr_languages");
  if (t.options.ocr_languages.empty()) reader.fail(node["ocr_languages"], "'ocr_languages' names no language");
  read_limits(reader, node["limits"], t.options.limits);
  t.options.split_from = read_size(reader, node, "split_from", 0, any_size);
  t.options.range_bytes = read_size(reader, node, "range_bytes", least_range_bytes, most_range_bytes);
  rules = read_rules(reader, node, directory);
  check_entities(reader, node, t.options.entities, rules);
  t.rule_set_hash = rule_set_hash(to_definition(rules));
  t.options.rule_set_hash = t.rule_set_hash;
  return t;
}

[[noreturn]] void broken(const std::string& what) {
  throw core::Error(core::ErrorKind::bad_input, "a stored template cannot be read: " + what);
}

}  // namespace

ScanTemplate template_from_yaml(std::string_view yaml, const std::string& file, const std::string& directory,
                                std::vector<classify::RuleSource>& rules) {
  const YamlReader reader(file);
  try {
    return read_template(reader, YAML::Load(std::string(yaml)), directory, rules);
  } catch (const YAML::Exception& error) {
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("{}:{}: {}", file, std::max(error.mark.line, 0) + 1, error.msg));
  }
}

std::string to_json(const ScanTemplate& t) {
  const json::object out{{"name", t.name},
                         {"sources", json::array(t.sources.begin(), t.sources.end())},
                         {"rule_set_hash", t.rule_set_hash},
                         {"priority", t.priority},
                         {"max_attempts", t.max_attempts},
                         {"options", json::parse(to_json(t.options))}};
  return json::serialize(out);
}

ScanTemplate template_from_json(std::string_view text) {
  ScanTemplate t;
  try {
    const auto value = json::parse(text);
    const auto& object = value.as_object();
    for (const auto& [key, _] : object)
      if (key != "name" && key != "sources" && key != "rule_set_hash" && key != "priority" && key != "max_attempts" &&
          key != "options")
        broken(fmt::format("unknown key '{}'", core::printable(std::string(key), max_name_bytes)));
    t.name = object.at("name").as_string();
    for (const auto& source : object.at("sources").as_array()) t.sources.emplace_back(source.as_string());
    t.rule_set_hash = object.at("rule_set_hash").as_string();
    t.priority = object.at("priority").to_number<int32_t>();
    t.max_attempts = object.at("max_attempts").to_number<int32_t>();
    t.options = job_configuration_from_json(json::serialize(object.at("options")));
  } catch (const core::Error&) {
    throw;
  } catch (const std::exception& error) {
    broken(error.what());
  }
  return t;
}

}  // namespace assay::scan
