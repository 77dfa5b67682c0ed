#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <memory>

#include "classify/rule_examples.h"
#include "classify/validators/validator.h"
#include "cli/commands.h"
#include "cli/human.h"
#include "cli/report/json_text.h"
#include "cli/rule_description.h"
#include "cli/rule_selection.h"
#include "core/error.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

struct RulesArguments {
  std::vector<std::string> rule_paths;
  std::string format = "table";
  std::vector<std::string> entities, categories;
  bool list_validators = false, list_entities = false;
  std::string name;                ///< rules show
  std::vector<std::string> paths;  ///< rules test
};

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::vector<model::Rule> selected_rules(const RulesArguments& a) {
  auto rules = classify::load_rules(rule_sources(a.rule_paths, false));
  std::erase_if(rules, [&a](const model::Rule& rule) {
    const bool entity_fits = a.entities.empty() || std::ranges::any_of(a.entities, [&rule](const auto& e) {
                               return upper(e) == rule.entity;
                             });
    const bool category_fits =
        a.categories.empty() || std::ranges::find(a.categories, rule.category) != a.categories.end();
    return !entity_fits || !category_fits;
  });
  std::ranges::sort(rules, [](const auto& x, const auto& y) {
    return std::tie(x.category, x.entity, x.name) < std::tie(y.category, y.entity, y.name);
  });
  return rules;
}

void print(const json::value& value) { fmt::print("{}\n", to_text(value)); }

ExitCode list_validators(bool as_json) {
  json::array list;
  for (const auto& v : classify::all_validators()) {
    if (as_json) list.push_back(json::object{{"name", v.name}, {"standard", v.standard}});
    else fmt::print("{:<28} {}\n", v.name, v.standard);
  }
  if (as_json) print(list);
  return ExitCode::clean;
}

ExitCode list_entities(const std::vector<model::Rule>& rules, bool as_json) {
  struct Entity {
    std::string category;
    model::Sensitivity sensitivity = model::Sensitivity::low;
    size_t rules = 0;
  };
  std::map<std::string, Entity> entities;
  for (const auto& rule : rules) {
    Entity& entity = entities[rule.entity];
    entity.category = rule.category;
    entity.sensitivity = std::max(entity.sensitivity, rule.sensitivity);
    ++entity.rules;
  }
  json::array list;
  for (const auto& [name, e] : entities) {
    if (as_json)
      list.push_back(json::object{{"entity", name},
                                  {"category", e.category},
                                  {"sensitivity", model::to_string(e.sensitivity)},
                                  {"rules", e.rules}});
    else
      fmt::print("{:<34} {:<14} {:<9} {:>4} {}\n", name, e.category, model::to_string(e.sensitivity), e.rules,
                 e.rules == 1 ? "rule" : "rules");
  }
  if (as_json) print(list);
  else fmt::print("\n{} entities, {} rules\n", entities.size(), rules.size());
  return ExitCode::clean;
}

ExitCode run_list(const RulesArguments& a) {
  const bool as_json = a.format == "json";
  if (a.list_validators) return list_validators(as_json);
  const auto rules = selected_rules(a);
  if (rules.empty())
    throw core::Error(core::ErrorKind::bad_input, "no rule fits; `assay rules list` without filters shows all");
  if (a.list_entities) return list_entities(rules, as_json);
  if (as_json) {
    json::array list;
    for (const auto& rule : rules) list.push_back(rule_summary(rule));
    print(list);
    return ExitCode::clean;
  }
  fmt::print("{:<34} {:<30} {:<14} {:<9} {}\n", "NAME", "ENTITY", "CATEGORY", "SENSITIVITY", "TITLE");
  for (const auto& rule : rules)
    fmt::print("{:<34} {:<30} {:<14} {:<11} {}\n", rule.name, rule.entity, rule.category,
               model::to_string(rule.sensitivity), rule.title);
  fmt::print("\n{} {}. `assay rules show NAME` tells all about one.\n", human_count(rules.size()),
             rules.size() == 1 ? "rule" : "rules");
  return ExitCode::clean;
}

ExitCode run_show(const RulesArguments& a) {
  auto rules = classify::load_rules(rule_sources(a.rule_paths, false));
  std::erase_if(rules, [&a](const model::Rule& rule) { return rule.name != a.name && rule.entity != upper(a.name); });
  if (rules.empty())
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("there is no rule and no entity '{}'; `assay rules list` shows them", a.name));
  const auto described = describe_rules(rules);
  if (a.format == "json") {
    json::array list;
    for (const auto& rule : described) list.push_back(rule_json(rule));
    print(list);
    return ExitCode::clean;
  }
  for (size_t i = 0; i < described.size(); ++i) fmt::print("{}{}", i == 0 ? "" : "\n", rule_text(described[i]));
  return ExitCode::clean;
}

ExitCode run_test(const RulesArguments& a) {
  std::vector<model::Rule> rules;
  if (a.paths.empty()) rules = classify::load_rules(rule_sources(a.rule_paths, false));
  else {
    auto own = a.paths;
    own.insert(own.end(), a.rule_paths.begin(), a.rule_paths.end());
    rules = classify::load_rules(rule_sources(own, true));
  }
  const auto report = classify::run_rule_examples(rules);
  for (const auto& failure : report.failures)
    fmt::print(stderr, "{}:{}: {}: {}\n", failure.file, failure.line, failure.rule, failure.problem);
  for (const auto& warning : report.warnings)
    fmt::print(stderr, "{}:{}: {}: warning: {}\n", warning.file, warning.line, warning.rule, warning.problem);
  fmt::print("{} rules, {} examples, {} counter-examples: {}\n", human_count(report.rules),
             human_count(report.examples), human_count(report.counter_examples),
             report.failures.empty() ? "all as they should be"
                                     : fmt::format("{} failed", human_count(report.failures.size())));
  if (report.without_examples > 0)
    fmt::print("{} of the rules {} written for Presidio: loaded and compiled; {} no examples to run\n",
               human_count(report.without_examples), report.without_examples == 1 ? "was" : "were",
               report.without_examples == 1 ? "it has" : "they have");
  return report.failures.empty() ? ExitCode::clean : ExitCode::usage;
}

void add_common_options(CLI::App& command, RulesArguments& a, bool with_format) {
  command.add_option("--rules", a.rule_paths, "Further rules: a directory or file of YAML")->allow_extra_args(false);
  if (with_format)
    command.add_option("--format", a.format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
}

}  // namespace

void add_rules_command(CLI::App& app, ExitCode& result) {
  auto* rules = app.add_subcommand("rules", "Show the rules, or test them");
  rules->require_subcommand(1);
  const auto arguments = std::make_shared<RulesArguments>();

  auto* list = rules->add_subcommand("list", "List rules, entities or validators");
  add_common_options(*list, *arguments, true);
  list->add_option("--entity", arguments->entities, "Only rules of this entity")
      ->allow_extra_args(false)
      ->delimiter(',');
  list->add_option("--category", arguments->categories, "Only rules of this category")
      ->allow_extra_args(false)
      ->delimiter(',');
  auto* entities =
      list->add_flag("--entities", arguments->list_entities, "List the entities, with the number of their rules");
  list->add_flag("--validators", arguments->list_validators, "List the validators, with the standard each follows")
      ->excludes(entities);
  list->callback([arguments, &result] { result = run_list(*arguments); });

  auto* show = rules->add_subcommand("show", "Tell all about one rule, or about the rules of one entity");
  add_common_options(*show, *arguments, true);
  show->add_option("NAME", arguments->name, "Name of a rule or an entity")->required();
  show->callback([arguments, &result] { result = run_show(*arguments); });

  auto* test = rules->add_subcommand("test", "Run the examples and counter-examples of rules");
  add_common_options(*test, *arguments, false);
  test->add_option("PATH", arguments->paths, "Rule files or directories; none: the built-in rules");
  test->footer("Exit codes: 0 all as they should be, 2 a rule is wrong or an example fails");
  test->callback([arguments, &result] { result = run_test(*arguments); });
}

}  // namespace assay::cli
