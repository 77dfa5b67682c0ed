#include "classify/presidio.h"

#include <fmt/format.h>

#include <cctype>

#include "classify/rule_check.h"

namespace assay::classify {
namespace {

// Their names of entities may be written in any way; ours are LIKE_THIS.
std::string entity_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_kept = std::isalnum(static_cast<unsigned char>(c)) != 0;
    out += is_kept ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
  }
  return out;
}

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
    reader.expect_keys(language, {"language", "context"});
    rule.languages.push_back(reader.text(language, "language", ""));
    for (auto& word : reader.texts(language, "context")) rule.context.words.push_back(std::move(word));
  }
}

/// Presidio's default is re.DOTALL | re.MULTILINE | re.IGNORECASE.
struct RegexFlags {
  bool ignore_case = true;
  bool multiline = true;
  bool dot_all = true;
  bool verbose = false;
};

/// `global_regex_flags` is the sum of the flags of Python's module re.
RegexFlags read_flags(const YamlReader& reader, const YAML::Node& node) {
  constexpr unsigned ignore_case = 2, multiline = 8, dot_all = 16, unicode = 32, verbose = 64, ascii = 256;
  constexpr unsigned known = ignore_case | multiline | dot_all | unicode | verbose | ascii;
  const double given = reader.number(node, "global_regex_flags", ignore_case | multiline | dot_all, 0, 511);
  const auto flags = static_cast<unsigned>(given);
  if (static_cast<double>(flags) != given || (flags & ~known) != 0)
    reader.fail(node["global_regex_flags"],
                fmt::format("'global_regex_flags' may add up {} (IGNORECASE), {} "
                            "(MULTILINE), {} (DOTALL), {} (UNICODE), {} (VERBOSE), {} (ASCII)",
                            ignore_case, multiline, dot_all, unicode, verbose, ascii));
  return {.ignore_case = (flags & ignore_case) != 0,
          .multiline = (flags & multiline) != 0,
          .dot_all = (flags & dot_all) != 0,
          .verbose = (flags & verbose) != 0};
}

bool contains_any(std::string_view text, std::string_view bytes) { return text.find_first_of(bytes) != text.npos; }

/// The flags that the regex could feel, written in front of it. What feels none is left as it is, and fast.
std::string with_flags(const std::string& regex, const RegexFlags& flags) {
  std::string letters;
  if (flags.multiline && contains_any(regex, "^$")) letters += 'm';
  if (flags.dot_all && regex.contains('.')) letters += 's';
  if (flags.verbose) letters += 'x';
  return letters.empty() ? regex : "(?" + letters + ")" + regex;
}

/// `supported_entity`, or the one entry of `supported_entities`: a rule is about one entity.
std::string read_entity(const YamlReader& reader, const YAML::Node& node) {
  const YAML::Node several = node["supported_entities"];
  if (node["supported_entity"] || !several) return reader.required_text(node, "supported_entity");
  const auto entities = reader.texts(node, "supported_entities");
  if (entities.size() != 1 || entities.front().empty())
    reader.fail(several, "'supported_entities' must name one entity; write a recogniser for each");
  return entities.front();
}

void read_patterns(const YamlReader& reader, const YAML::Node& node, model::Rule& rule) {
  const YAML::Node patterns = node["patterns"];
  if (!patterns || patterns.IsNull()) return;
  if (!patterns.IsSequence()) reader.fail(patterns, "'patterns' must be a list");
  const RegexFlags flags = read_flags(reader, node);
  for (const auto& item : patterns) {
    reader.expect_map(item, "a pattern");
    reader.expect_keys(item, {"name", "regex", "score"});
    model::Pattern pattern;
    pattern.name = reader.text(item, "name", "default");
    pattern.regex = with_flags(reader.required_text(item, "regex"), flags);
    pattern.confidence = reader.number(item, "score", 0.5, 0.0, 1.0);
    pattern.ignore_case = flags.ignore_case;
    rule.patterns.push_back(std::move(pattern));
    if (const auto problem = check_pattern(rule, rule.patterns.back())) reader.fail(item, *problem);
  }
}

model::Rule read_recognizer(const YamlReader& reader, const YAML::Node& node) {
  reader.expect_keys(node, {"name", "type", "enabled", "class_name", "supported_entity", "supported_entities",
                            "supported_language", "supported_languages", "patterns", "context", "deny_list",
                            "deny_list_score", "global_regex_flags", "version", "country_code"});
  model::Rule rule;
  rule.file = reader.file();
  rule.line = node.Mark().line + 1;
  rule.is_presidios = true;
  rule.entity = entity_name(read_entity(reader, node));
  rule.title = reader.text(node, "name", rule.entity);
  rule.name = kebab(rule.title);
  rule.category = "personal";
  rule.context.words = reader.texts(node, "context");
  rule.deny_list = reader.texts(node, "deny_list");
  rule.deny_list_confidence = reader.number(node, "deny_list_score", 1.0, 0.0, 1.0);  // Presidio's own default
  read_languages(reader, node, rule);
  read_flags(reader, node);
  read_patterns(reader, node, rule);
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
    const std::string type = reader.text(node, "type", "custom");
    if (type != "custom" && type != "predefined")
      reader.fail(node["type"], fmt::format("unknown type '{}'; known: custom, predefined", type));
    if (!reader.flag(node, "enabled", true) || type == "predefined") continue;
    rules.push_back(read_recognizer(reader, node));
  }
  return rules;
}

}  // namespace assay::classify
