#include "classify/presidio.h"

#include <fmt/format.h>

#include <cctype>

#include "classify/rule_check.h"

namespace assay::classify {
namespace {

std::string kebab(std::string_view name) {
  std::string out;
  for (char c : name) {
    const bool keep = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (keep) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

void read_languages(const YamlReader& reader, const YAML::Node& node, model::Rule& rule) {
  if (node["supported_language"]) rule.languages.push_back(reader.text(node, "supported_language", ""));
  const YAML::Node languages = node["supported_languages"];
  if (!languages) return;
  if (!languages.IsSequence()) reader.fail(languages, "'supported_languages' must be a list");
  for (const auto& language : languages) {
    if (language.IsScalar()) {
      rule.languages.push_back(language.Scalar());
      continue;
    }
    reader.expect_map(language, "a supported language");
    rule.languages.push_back(reader.text(language, "language", ""));
    for (auto& word : reader.texts(language, "context")) rule.context.words.push_back(std::move(word));
  }
}

model::Rule read_recognizer(const YamlReader& reader, const YAML::Node& node) {
  model::Rule rule;
  rule.file = reader.file();
  rule.line = node.Mark().line + 1;
  rule.entity = reader.required_text(node, "supported_entity");
  rule.title = reader.text(node, "name", rule.entity);
  rule.name = kebab(rule.title);
  rule.category = "personal";
  rule.context.words = reader.texts(node, "context");
  rule.deny_list = reader.texts(node, "deny_list");
  read_languages(reader, node, rule);
  if (const YAML::Node patterns = node["patterns"]) {
    if (!patterns.IsSequence()) reader.fail(patterns, "'patterns' must be a list");
    for (const auto& item : patterns) {
      reader.expect_map(item, "a pattern");
      model::Pattern pattern;
      pattern.name = reader.text(item, "name", "default");
      pattern.regex = reader.required_text(item, "regex");
      pattern.confidence = reader.number(item, "score", 0.5, 0.0, 1.0);
      pattern.ignore_case = true;
      rule.patterns.push_back(std::move(pattern));
      if (const auto problem = check_pattern(rule, rule.patterns.back())) reader.fail(item, *problem);
    }
  }
  if (rule.patterns.empty() && rule.deny_list.empty())
    reader.fail(node, fmt::format("recogniser '{}' has neither patterns nor a deny_list", rule.title));
  return rule;
}

}  // namespace

std::vector<model::Rule> load_presidio_recognizers(const YamlReader& reader, const YAML::Node& root) {
  std::vector<model::Rule> rules;
  const YAML::Node list = root["recognizers"];
  if (!list.IsSequence()) reader.fail(list, "'recognizers' must be a list");
  for (const auto& node : list) {
    if (node.IsScalar()) continue;  // the name of a predefined recogniser
    reader.expect_map(node, "a recogniser");
    if (!reader.flag(node, "enabled", true) || reader.text(node, "type", "custom") == "predefined") continue;
    rules.push_back(read_recognizer(reader, node));
  }
  return rules;
}

}  // namespace assay::classify
