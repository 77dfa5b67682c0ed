#include "cli/rule_description.h"

#include <fmt/format.h>

#include "classify/compiled_rules.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

std::string search_of(const classify::CompiledPattern& pattern) {
  using classify::SearchKind;
  switch (pattern.kind) {
    case SearchKind::token: return "token: by one automaton for all rules, where a word holds a digit";
    case SearchKind::keyword: return "keyword: around its keywords";
    case SearchKind::line: break;
  }
  return pattern.refusal.empty()
             ? "line: on every line that may match (slower)"
             : fmt::format("line: on every line that may match (slower), since {}", pattern.refusal);
}

json::array to_array(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

json::array to_array(const std::vector<model::RuleExample>& list) {
  json::array out;
  for (const auto& example : list) {
    json::object item{{"text", example.text}};
    if (!example.match.empty()) item["match"] = example.match;
    out.push_back(std::move(item));
  }
  return out;
}

json::object pattern_json(const model::Pattern& pattern, const std::string& search) {
  json::object out{
      {"name", pattern.name}, {"regex", pattern.regex}, {"confidence", pattern.confidence}, {"search", search}};
  if (pattern.ignore_case) out["ignore_case"] = true;
  if (pattern.group != 0) out["group"] = pattern.group;
  if (!pattern.keywords.empty()) out["keywords"] = to_array(pattern.keywords);
  if (!pattern.validator.empty()) out["validator"] = pattern.validator;
  if (pattern.validated) out["validated"] = *pattern.validated;
  return out;
}

/// Lines of "name  value", empty values left out.
class TextWriter {
 public:
  void line(std::string_view name, const std::string& value) {
    if (!value.empty()) text_ += fmt::format("  {:<14} {}\n", name, value);
  }
  void line(std::string_view name, const std::vector<std::string>& list) {
    line(name, fmt::format("{}", fmt::join(list, ", ")));
  }
  void raw(const std::string& text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string validator_text(const std::string& name, const std::optional<double>& validated) {
  if (name.empty()) return {};
  const auto* validator = classify::find_validator(name);
  std::string text = name;
  if (validator != nullptr && !validator->standard.empty()) text += fmt::format(" ({})", validator->standard);
  if (validated) text += fmt::format(", {:.2f} when it agrees", *validated);
  return text;
}

void write_patterns(TextWriter& out, const DescribedRule& described) {
  const auto& patterns = described.rule->patterns;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const auto& p = patterns[i];
    out.raw(fmt::format("  pattern {}, {:.2f}{}\n", p.name, p.confidence, p.ignore_case ? ", in any case" : ""));
    out.line("  regex", p.regex);
    out.line("  searched by", described.searches[i]);
    out.line("  keywords", p.keywords);
    out.line("  value", p.group == 0 ? "" : fmt::format("group {}", p.group));
    out.line("  validator", validator_text(p.validator, p.validated));
  }
}

void write_context(TextWriter& out, const model::ContextWords& context) {
  if (!context.words.empty())
    out.line("context", fmt::format("+{:.2f}{}: {}", context.boost, context.required ? ", required" : "",
                                    fmt::join(context.words, ", ")));
  if (!context.negative.empty())
    out.line("opposing", fmt::format("-{:.2f}: {}", context.penalty, fmt::join(context.negative, ", ")));
}

void write_examples(TextWriter& out, std::string_view title, const std::vector<model::RuleExample>& examples) {
  if (examples.empty()) return;
  out.raw(fmt::format("  {}\n", title));
  for (const auto& example : examples)
    out.raw(fmt::format("    {}{}\n", example.text, example.match.empty() ? "" : "   -> " + example.match));
}

}  // namespace

std::vector<DescribedRule> describe_rules(const std::vector<model::Rule>& rules) {
  const classify::CompiledRules compiled(rules);
  std::vector<DescribedRule> list;
  list.reserve(rules.size());
  for (const auto& rule : rules)
    list.push_back({.rule = &rule, .searches = std::vector<std::string>(rule.patterns.size())});
  // The compiler also makes patterns of deny lists; these have no place in the rule.
  for (const auto& pattern : compiled.patterns) {
    const auto& source = compiled.sources()[pattern.rule].patterns;
    if (source.empty() || pattern.source < &source.front() || pattern.source > &source.back()) continue;
    list[pattern.rule].searches[static_cast<size_t>(pattern.source - &source.front())] = search_of(pattern);
  }
  return list;
}

json::object rule_summary(const model::Rule& rule) {
  return {{"name", rule.name},
          {"entity", rule.entity},
          {"category", rule.category},
          {"sensitivity", model::to_string(rule.sensitivity)},
          {"title", rule.title}};
}

json::object rule_json(const DescribedRule& described) {
  const model::Rule& rule = *described.rule;
  json::object out = rule_summary(rule);
  out["regulations"] = to_array(rule.regulations);
  out["countries"] = to_array(rule.countries);
  out["languages"] = to_array(rule.languages);
  if (!rule.validator.empty()) out["validator"] = rule.validator;
  if (rule.validated) out["validated"] = *rule.validated;
  json::array patterns;
  for (size_t i = 0; i < rule.patterns.size(); ++i)
    patterns.push_back(pattern_json(rule.patterns[i], described.searches[i]));
  out["patterns"] = std::move(patterns);
  out["context"] = json::object{{"words", to_array(rule.context.words)},
                                {"boost", rule.context.boost},
                                {"required", rule.context.required},
                                {"negative", to_array(rule.context.negative)},
                                {"penalty", rule.context.penalty}};
  out["columns"] = to_array(rule.columns);
  out["deny_list"] = to_array(rule.deny_list);
  out["allow_list"] = to_array(rule.allow_list);
  out["examples"] = to_array(rule.examples);
  out["counter_examples"] = to_array(rule.counter_examples);
  out["file"] = rule.file;
  out["line"] = rule.line;
  return out;
}

std::string rule_text(const DescribedRule& described) {
  const model::Rule& rule = *described.rule;
  TextWriter out;
  out.raw(fmt::format("{}\n", rule.name));
  out.line("title", rule.title);
  out.line("entity", rule.entity);
  out.line("category", rule.category);
  out.line("sensitivity", std::string(model::to_string(rule.sensitivity)));
  out.line("regulations", rule.regulations);
  out.line("countries", rule.countries);
  out.line("languages", rule.languages);
  out.line("validator", validator_text(rule.validator, rule.validated));
  write_patterns(out, described);
  write_context(out, rule.context);
  out.line("columns", rule.columns);
  out.line("deny list", rule.deny_list);
  out.line("allow list", rule.allow_list);
  write_examples(out, "examples, which are found", rule.examples);
  write_examples(out, "counter-examples, which are not", rule.counter_examples);
  out.line("defined in", fmt::format("{}:{}", rule.file, rule.line));
  return out.take();
}

}  // namespace assay::cli
