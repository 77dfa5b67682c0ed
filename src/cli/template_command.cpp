#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/report/json_text.h"
#include "cli/text_table.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/jobs/template.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t max_template_bytes = 4 << 20;

struct TemplateArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string file, name, format = "table";
  bool replace = false;
};

std::string read_template_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw core::error_from_errno("cannot read " + core::printable(path, 4096), errno);
  std::string text(max_template_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (file.bad() || text.size() > max_template_bytes)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("{} is no template: it cannot be read, or is too large",
                                                              core::printable(path, 4096)));
  return text;
}

void warn_of_unknown_sources(store::Store& store, const scan::ScanTemplate& t) {
  for (const auto& source : t.sources)
    if (!store.find_datasource(source))
      fmt::print(stderr, "assay: the template names the source '{}', which does not exist yet\n",
                 core::printable(source, 200));
}

void run_add(const TemplateArguments& a) {
  std::vector<classify::RuleSource> rules;
  const auto directory = std::filesystem::path(a.file).parent_path();
  const auto t =
      scan::template_from_yaml(read_template_file(a.file), a.file, directory.empty() ? "." : directory.string(), rules);
  const auto store = open_database(load_configuration(*a.configuration), Absent::create);
  const bool exists = store->find_template(t.name).has_value();
  if (exists && !a.replace)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("there is a template '{}' already; --replace replaces it",
                                                              core::printable(t.name, 200)));
  store->put_rule_set(t.rule_set_hash, scan::to_definition(rules));
  if (a.replace) store->put_template(t.name, scan::to_json(t));
  else store->add_template(t.name, scan::to_json(t));
  warn_of_unknown_sources(*store, t);
  fmt::print("{} the template {}\n", exists ? "replaced" : "added", core::printable(t.name, 200));
}

scan::ScanTemplate existing(store::Store& store, const std::string& name) {
  if (const auto definition = store.find_template(name)) return scan::template_from_json(*definition);
  throw core::Error(
      core::ErrorKind::not_found,
      fmt::format("there is no template '{}'; `assay template list` shows them", core::printable(name, 200)));
}

void run_list(const TemplateArguments& a) {
  const auto templates = open_database(load_configuration(*a.configuration), Absent::refuse)->list_templates();
  TextTable table({"NAME", "SOURCES", ">PRIORITY", "RULE SET"});
  json::array list;
  for (const auto& [name, definition] : templates) {
    const auto t = scan::template_from_json(definition);
    if (a.format == "json") list.push_back(json::parse(definition));
    else
      table.add({t.name, fmt::format("{}", fmt::join(t.sources, ", ")), std::to_string(t.priority),
                 t.rule_set_hash.substr(0, 12)});
  }
  if (a.format == "json") fmt::print("{}\n", to_text(list));
  else fmt::print("{}", table.text());
}

void run_show(const TemplateArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto t = existing(*store, a.name);
  if (a.format == "json") {
    fmt::print("{}\n", to_text(json::parse(scan::to_json(t))));
    return;
  }
  const auto& o = t.options;
  fmt::print(
      "name            {}\npriority        {}\nattempts        {}\nrule set        {}\nentities        {}\nmin "
      "confidence  {}\n",
      core::printable(t.name, 200), t.priority, t.max_attempts, t.rule_set_hash,
      o.entities.empty() ? "all" : fmt::format("{}", fmt::join(o.entities, ", ")), o.min_confidence);
  fmt::print("ocr             {}\nbinaries        {}\nunchanged       {}\nsources\n",
             o.ocr ? fmt::format("{}", fmt::join(o.ocr_languages, ", ")) : "no", o.binaries ? "yes" : "no",
             o.full ? "read again" : "skipped");
  for (const auto& name : t.sources) {
    const auto source = store->find_datasource(name);
    fmt::print("  {}{}\n", core::printable(name, 200),
               !source           ? "  (does not exist)"
               : source->enabled ? ""
                                 : "  (disabled)");
  }
}

void run_remove(const TemplateArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  existing(*store, a.name);
  store->remove_template(a.name);
  fmt::print("removed the template {}\n", core::printable(a.name, 200));
}

}  // namespace

void add_template_command(CLI::App& app, ExitCode& result) {
  auto* templates = app.add_subcommand("template", "Keep what jobs are started from: sources, rules, options");
  templates->require_subcommand(1);
  const auto a = std::make_shared<TemplateArguments>();
  const auto finish = [a, &result](CLI::App* command, void (*run)(const TemplateArguments&)) {
    const auto configuration = add_database_flags(*command);
    command->callback([a, configuration, run, &result] {
      a->configuration = configuration;
      run(*a);
      result = ExitCode::clean;
    });
  };
  auto* add = templates->add_subcommand("add", "Add a template from a YAML file (docs/templates.md)");
  add->add_option("FILE", a->file, "The template")->required();
  add->add_flag("--replace", a->replace, "Replace a template of that name; jobs that run go on as they began");
  finish(add, run_add);
  auto* list = templates->add_subcommand("list", "List the templates");
  auto* show = templates->add_subcommand("show", "Tell all about one template");
  for (auto* command : {list, show})
    command->add_option("--format", a->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  auto* remove = templates->add_subcommand("remove", "Remove a template; jobs that run go on");
  for (auto* command : {show, remove}) command->add_option("NAME", a->name, "Name of the template")->required();
  finish(list, run_list);
  finish(show, run_show);
  finish(remove, run_remove);
}

}  // namespace assay::cli
