#include "classify/rule_loader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <map>
#include <sstream>

#include "classify/builtin_rules.h"
#include "classify/presidio.h"
#include "classify/rule_check.h"
#include "classify/yaml_reader.h"
#include "core/error.h"

namespace assay::classify {
namespace {

using model::Pattern;
using model::Rule;

constexpr std::initializer_list<std::string_view> categories = {"government_id", "financial", "contact", "health",
                                                                "network",       "location",  "vehicle", "temporal",
                                                                "online",        "secret",    "personal"};

bool is_entity_name(std::string_view name) {
  return name.front() >= 'A' && name.front() <= 'Z' &&
         std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

Pattern read_pattern(const YamlReader& reader, const YAML::Node& node) {
  reader.expect_map(node, "a pattern");
  reader.expect_keys(node, {"name", "regex", "confidence", "ignore_case", "group", "keywords", "keywords_inside_words",
                            "validator", "validated"});
  Pattern pattern;
  pattern.name = reader.text(node, "name", "default");
  pattern.regex = reader.required_text(node, "regex");
  pattern.confidence = reader.number(node, "confidence", 0.5, 0.0, 1.0);
  pattern.ignore_case = reader.flag(node, "ignore_case", false);
  pattern.group = static_cast<int>(reader.number(node, "group", 0, 0, 20));
  pattern.keywords = reader.texts(node, "keywords");
  pattern.keywords_inside_words = reader.flag(node, "keywords_inside_words", false);
  pattern.validator = reader.text(node, "validator", "");
  if (node["validated"]) pattern.validated = reader.number(node, "validated", 0, 0.0, 1.0);
  return pattern;
}

std::vector<model::RuleExample> read_examples(const YamlReader& reader, const YAML::Node& node, const char* key) {
  std::vector<model::RuleExample> examples;
  const YAML::Node list = node[key];
  if (!list) return examples;
  if (!list.IsSequence()) reader.fail(list, fmt::format("'{}' must be a list", key));
  for (const auto& item : list) {
    if (item.IsScalar()) {
      examples.push_back({item.as<std::string>(), ""});
    } else {
      reader.expect_map(item, "an example");
      reader.expect_keys(item, {"text", "match"});
      examples.push_back({reader.required_text(item, "text"), reader.text(item, "match", "")});
    }
  }
  return examples;
}

model::ContextWords read_context(const YamlReader& reader, const YAML::Node& node) {
  model::ContextWords context;
  if (!node) return context;
  reader.expect_map(node, "'context'");
  reader.expect_keys(node, {"words", "boost", "required", "negative", "penalty"});
  context.words = reader.texts(node, "words");
  context.boost = reader.number(node, "boost", context.boost, 0.0, 1.0);
  context.required = reader.flag(node, "required", false);
  context.negative = reader.texts(node, "negative");
  context.penalty = reader.number(node, "penalty", context.penalty, 0.0, 1.0);
  return context;
}

Rule read_rule(const YamlReader& reader, const YAML::Node& node) {
  reader.expect_map(node, "a rule");
  reader.expect_keys(node, {"name", "entity", "title", "description", "category", "sensitivity", "regulations",
                            "countries", "languages", "validator", "validated", "patterns", "context", "columns",
                            "deny_list", "allow_list", "examples", "counter_examples"});
  Rule rule;
  rule.file = reader.file();
  rule.line = node.Mark().line + 1;
  rule.name = reader.required_text(node, "name");
  rule.entity = reader.required_text(node, "entity");
  if (!is_entity_name(rule.entity))
    reader.fail(node["entity"], fmt::format("the entity '{}' must be written LIKE_THIS: capitals, digits and '_', a "
                                            "capital first; `--entities` looks for it so",
                                            rule.entity));
  rule.title = reader.text(node, "title", rule.entity);
  rule.category = reader.text(node, "category", "personal");
  if (std::ranges::find(categories, rule.category) == categories.end())
    reader.fail(node["category"],
                fmt::format("unknown category '{}'; known: {}", rule.category, fmt::join(categories, ", ")));
  const std::string sensitivity = reader.text(node, "sensitivity", "medium");
  const auto parsed = model::sensitivity_from_string(sensitivity);
  if (!parsed)
    reader.fail(node["sensitivity"],
                fmt::format("unknown sensitivity '{}'; known: low, medium, high, critical", sensitivity));
  rule.sensitivity = *parsed;
  rule.regulations = reader.texts(node, "regulations");
  rule.countries = reader.texts(node, "countries");
  rule.languages = reader.texts(node, "languages");
  rule.validator = reader.text(node, "validator", "");
  if (node["validated"]) rule.validated = reader.number(node, "validated", 0, 0.0, 1.0);
  rule.context = read_context(reader, node["context"]);
  rule.columns = reader.texts(node, "columns");
  rule.deny_list = reader.texts(node, "deny_list");
  rule.allow_list = reader.texts(node, "allow_list");
  rule.examples = read_examples(reader, node, "examples");
  rule.counter_examples = read_examples(reader, node, "counter_examples");
  if (const YAML::Node patterns = node["patterns"]) {
    if (!patterns.IsSequence()) reader.fail(patterns, "'patterns' must be a list");
    for (const auto& item : patterns) {
      rule.patterns.push_back(read_pattern(reader, item));
      if (const auto problem = check_pattern(rule, rule.patterns.back())) reader.fail(item, *problem);
    }
  }
  if (std::ranges::any_of(rule.deny_list, [](const auto& word) { return word.empty(); }))
    reader.fail(node["deny_list"], "'deny_list' holds an empty word");
  if (rule.patterns.empty() && rule.deny_list.empty())
    reader.fail(node, fmt::format("rule '{}' has neither patterns nor a deny_list", rule.name));
  if (const auto problem = check_validator(rule.validator)) reader.fail(node["validator"], *problem);
  return rule;
}

}  // namespace

std::vector<Rule> load_rules(const RuleSource& source) {
  if (const std::string_view stored = stored_form_of(source); !stored.empty())
    return restore_rules(stored, source.file);
  YAML::Node root;
  try {
    root = YAML::Load(source.yaml);
  } catch (const YAML::Exception& error) {
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("{}:{}: not valid YAML: {}", source.file, error.mark.line + 1, error.msg));
  }
  const YamlReader reader(source.file);
  if (root.IsNull()) return {};
  reader.expect_map(root, "a rule file");
  if (root["recognizers"]) {
    reader.expect_each_key_once(root);
    if (root["rules"]) reader.fail(root["rules"], "a file holds a list under 'rules' or under 'recognizers', not both");
    return load_presidio_recognizers(reader, root);
  }
  reader.expect_keys(root, {"rules"});
  std::vector<Rule> rules;
  const YAML::Node list = root["rules"];
  if (!list || !list.IsSequence()) reader.fail(root, "a rule file holds a list under 'rules'");
  for (const auto& node : list) rules.push_back(read_rule(reader, node));
  return rules;
}

std::vector<Rule> load_rules(const std::vector<RuleSource>& sources) {
  std::vector<Rule> all;
  std::map<std::string, std::string> seen;
  for (const auto& source : sources) {
    for (auto& rule : load_rules(source)) {
      const auto place = fmt::format("{}:{}", rule.file, rule.line);
      const auto [it, added] = seen.emplace(rule.name, place);
      if (!added)
        throw core::Error(core::ErrorKind::bad_input,
                          fmt::format("{}: the rule name '{}' is taken already by {}; give it another", place,
                                      rule.name, it->second));
      all.push_back(std::move(rule));
    }
  }
  return all;
}

std::vector<RuleSource> read_rule_directory(const std::string& directory) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> paths;
  if (fs::is_regular_file(directory, error)) paths.push_back(directory);
  else {
    for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
      if (it->is_regular_file() && (it->path().extension() == ".yaml" || it->path().extension() == ".yml"))
        paths.push_back(it->path().string());
    if (error)
      throw core::Error(core::ErrorKind::bad_input,
                        fmt::format("cannot read rules from {}: {}", directory, error.message()));
  }
  std::ranges::sort(paths);
  std::vector<RuleSource> sources;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw core::Error(core::ErrorKind::bad_input, fmt::format("cannot read the rule file {}", path));
    sources.push_back({path, std::move(text).str()});
  }
  return sources;
}

}  // namespace assay::classify
