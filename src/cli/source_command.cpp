#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/human.h"
#include "cli/report/json_text.h"
#include "cli/secrets.h"
#include "cli/source_arguments.h"
#include "cli/text_table.h"
#include "core/byte_size.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/jobs/source_address.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr uint64_t most_objects_tried = 10'000;

struct SourceArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string format = "table";
  model::Datasource source;
  connect::SourceAddress address;
  std::vector<std::string> settings;
  bool cross_file_systems = false;
  bool disabled = false;
};

// Workers run elsewhere: a path that depends on where this command ran would mean something else there.
std::string absolute_path(const std::string& path) {
  auto absolute = std::filesystem::absolute(path).lexically_normal().string();
  if (absolute.size() > 1 && absolute.ends_with('/')) absolute.pop_back();
  return absolute;
}

model::Datasource described(const SourceArguments& a, const scan::SourceAccess& access) {
  connect::SourceAddress address = a.address;
  for (const auto& root : address.roots)
    if (root.empty()) throw core::Error(core::ErrorKind::bad_input, "--path must not be empty");
  model::Datasource source = a.source;
  source.kind = kind_of_roots(access.kinds, address.roots);
  add_settings(address, a.settings);
  if (a.cross_file_systems) address.settings["one_file_system"] = "false";
  if (source.kind == "files")
    for (auto& root : address.roots) root = absolute_path(root);
  if (const auto* kind = access.kinds.find(source.kind); kind != nullptr && kind->takes_files)
    for (auto& root : address.roots) {
      const size_t path = root.find(':') + 1;
      root = root.substr(0, path) + absolute_path(root.substr(path));
    }
  // Refuses what makes no sense, and does not connect.
  access.kinds.make(source.kind, address, {.resolve_secret = access.resolve_secret, .stop = {}});
  source.enabled = !a.disabled;
  source.configuration = scan::to_json(address);
  return source;
}

model::Datasource existing(store::Store& store, const std::string& name) {
  if (auto source = store.find_datasource(name)) return *source;
  throw core::Error(core::ErrorKind::not_found,
                    fmt::format("there is no source '{}'; `assay source list` shows them", core::printable(name, 200)));
}

json::object source_json(const model::Datasource& source) {
  return {{"id", source.id},
          {"name", core::printable(source.name, 200)},
          {"kind", source.kind},
          {"node_group", core::printable(source.node_group, 200)},
          {"enabled", source.enabled},
          {"configuration", json::parse(source.configuration)},
          {"budget", json::object{{"concurrent_tasks", source.budget.concurrent_tasks},
                                  {"connections", source.budget.connections},
                                  {"bytes_per_s", source.budget.bytes_per_s},
                                  {"memory_bytes", source.budget.memory_bytes}}}};
}

std::string budget_text(const model::Budget& budget) {
  std::string text;
  const auto add = [&text](std::string part) { text += (text.empty() ? "" : ", ") + std::move(part); };
  if (budget.concurrent_tasks != 0) add(fmt::format("{} tasks", budget.concurrent_tasks));
  if (budget.connections != 0) add(fmt::format("{} connections", budget.connections));
  if (budget.bytes_per_s != 0) add(human_bytes(budget.bytes_per_s) + "/s");
  if (budget.memory_bytes != 0) add(human_bytes(budget.memory_bytes) + " of memory");
  return text.empty() ? "none" : text;
}

void run_add(const SourceArguments& a, const scan::SourceAccess& access) {
  const auto source = described(a, access);
  const auto store = open_database(load_configuration(*a.configuration), Absent::create);
  store->add_datasource(source);
  fmt::print("added the source {}\n", core::printable(source.name, 200));
}

void run_list(const SourceArguments& a) {
  const auto sources = open_database(load_configuration(*a.configuration), Absent::refuse)->list_datasources();
  if (a.format == "json") {
    json::array list;
    for (const auto& source : sources) list.push_back(source_json(source));
    fmt::print("{}\n", to_text(list));
    return;
  }
  TextTable table({"NAME", "KIND", "NODE GROUP", "STATE", "BUDGET"});
  for (const auto& s : sources)
    table.add({s.name, s.kind, s.node_group, s.enabled ? "enabled" : "disabled", budget_text(s.budget)});
  fmt::print("{}", table.text());
}

std::string_view breaker_text(model::BreakerState state) {
  switch (state) {
    case model::BreakerState::open: return "open: it failed repeatedly, its tasks wait";
    case model::BreakerState::half_open: return "half open: one task tries whether it answers again";
    case model::BreakerState::closed: break;
  }
  return "closed: it answers";
}

void run_show(const SourceArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto source = existing(*store, a.source.name);
  std::optional<store::Store::Breaker> breaker;
  for (const auto& b : store->breakers())
    if (b.datasource_id == source.id) breaker = b;
  const auto state = breaker ? breaker->state : model::BreakerState::closed;
  if (a.format == "json") {
    auto out = source_json(source);
    out["breaker"] = state == model::BreakerState::closed ? "closed"
                     : state == model::BreakerState::open ? "open"
                                                          : "half_open";
    fmt::print("{}\n", to_text(out));
    return;
  }
  fmt::print("name        {}\nkind        {}\nnode group  {}\nstate       {}\nbudget      {}\nbreaker     {}\n",
             core::printable(source.name, 200), source.kind, core::printable(source.node_group, 200),
             source.enabled ? "enabled" : "disabled", budget_text(source.budget), breaker_text(state));
  if (breaker && state == model::BreakerState::open) fmt::print("open until  {} UTC\n", time_text(breaker->open_until));
  const auto configuration = json::parse(source.configuration);
  for (const auto& [key, value] : configuration.as_object())
    fmt::print("{:<11} {}\n", std::string_view(key), core::printable(to_text(value), 8192));
}

ExitCode run_test(const SourceArguments& a, const scan::SourceAccess& access) {
  const Configuration configuration = load_configuration(*a.configuration);
  const auto store = open_database(configuration, Absent::refuse);
  const auto source = existing(*store, a.source.name);
  const auto credentials =
      credential_manager(store.get(), configuration, [&] { return unlock_keys(*store, configuration, false); });
  const auto connector = access.kinds.make(
      source.kind, scan::source_address_from_json(source.configuration),
      {.resolve_secret = [&](std::string_view reference) { return credentials->resolve(reference); }, .stop = {}});
  const connect::Trial trial = connector->test(most_objects_tried);
  if (!trial.summary.empty()) fmt::print("{}\n", core::printable(trial.summary, 8192));
  for (const auto& problem : trial.problems) fmt::print("  {}\n", core::printable(problem, 8192));
  return !trial.ok ? ExitCode::failed : trial.problems.empty() ? ExitCode::clean : ExitCode::incomplete;
}

void run_kinds(const scan::SourceAccess& access) {
  for (const auto& kind : access.kinds.all()) {
    std::string urls;
    for (const auto& scheme : kind.schemes)
      urls += fmt::format("{}{}{}", urls.empty() ? "" : ", ", scheme, kind.takes_files ? ":FILE" : "://");
    fmt::print("{:<12} {}\n", kind.name, urls.empty() ? "paths" : urls);
    for (const auto& setting : kind.settings) fmt::print("    {:<20} {}\n", setting.name, setting.help);
  }
}

void run_remove(const SourceArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  existing(*store, a.source.name);
  store->remove_datasource(a.source.name);
  fmt::print("removed the source {}\n", core::printable(a.source.name, 200));
}

void run_enable(const SourceArguments& a, bool is_enabled) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  auto source = existing(*store, a.source.name);
  source.enabled = is_enabled;
  store->update_datasource(source);
  fmt::print("{} the source {}\n", is_enabled ? "enabled" : "disabled", core::printable(source.name, 200));
}

CLI::App* add_subcommand(CLI::App& parent, const std::shared_ptr<SourceArguments>& a, const char* name,
                         const char* help, bool is_named) {
  auto* command = parent.add_subcommand(name, help);
  if (is_named) command->add_option("NAME", a->source.name, "Name of the source")->required();
  return command;
}

void add_add_options(CLI::App& add, SourceArguments& a) {
  const auto bytes = CLI::AsSizeValue(false);
  add.add_option("--path,--url", a.address.roots,
                 "File or directory, as the workers see it, or URL (`assay source kinds`; may be repeated)")
      ->required()
      ->allow_extra_args(false);
  add.add_option("--include", a.address.include, "Only files that match this glob (gitignore syntax; may be repeated)")
      ->allow_extra_args(false);
  add.add_option("--exclude", a.address.exclude, "Leave out what matches this glob (may be repeated)")
      ->allow_extra_args(false);
  add.add_option("--setting", a.settings, "KEY=VALUE (`assay source kinds`), as password=env:NAME (may be repeated)")
      ->allow_extra_args(false);
  add.add_flag("--cross-file-systems", a.cross_file_systems, "Follow mount points to other file systems");
  add.add_flag("--disabled", a.disabled, "Do not let jobs use it yet; `assay source enable` does");
  add.add_option("--concurrent-tasks", a.source.budget.concurrent_tasks, "Tasks at a time; 0: no bound")
      ->group("Budget");
  add.add_option("--connections", a.source.budget.connections, "Connections at a time; 0: no bound")->group("Budget");
  add.add_option("--bytes-per-s", a.source.budget.bytes_per_s, "Bytes read a second; 0: no bound")
      ->transform(bytes)
      ->group("Budget");
  add.add_option("--memory-bytes", a.source.budget.memory_bytes, "Memory of its tasks in work; 0: no bound")
      ->transform(bytes)
      ->group("Budget");
}

}  // namespace

void add_source_command(CLI::App& app, const scan::SourceAccess& access, ExitCode& result) {
  auto* source = app.add_subcommand("source", "Name the places that jobs read");
  source->require_subcommand(1);
  const auto a = std::make_shared<SourceArguments>();

  auto* add = add_subcommand(*source, a, "add", "Add a source", true);
  add_add_options(*add, *a);
  const auto finish = [&result, a](CLI::App* command, const std::vector<std::string_view>& keys,
                                   const std::function<ExitCode(const SourceArguments&)>& run) {
    const auto configuration = add_configuration_flags(*command, keys);
    command->callback([a, configuration, run, &result] {
      a->configuration = configuration;
      result = run(*a);
    });
  };
  const std::vector<std::string_view> database = {"database", "data_dir"};
  const auto done = [](void (*run)(const SourceArguments&)) {
    return [run](const SourceArguments& arguments) {
      run(arguments);
      return ExitCode::clean;
    };
  };
  add->add_option("--node-group", a->source.node_group, "Group of the workers that can reach it")
      ->capture_default_str();
  finish(add, database, [&access](const SourceArguments& arguments) {
    run_add(arguments, access);
    return ExitCode::clean;
  });

  auto* list = add_subcommand(*source, a, "list", "List the sources", false);
  auto* show = add_subcommand(*source, a, "show", "Tell all about one source", true);
  for (auto* command : {list, show})
    command->add_option("--format", a->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  finish(list, database, done(run_list));
  finish(show, database, done(run_show));
  auto* test = add_subcommand(*source, a, "test", "Open a source from this machine and say what can be read", true);
  test->footer("Exit codes: 0 all can be read, 3 something cannot, 4 a path cannot be opened at all");
  finish(test, database, [&access](const SourceArguments& arguments) { return run_test(arguments, access); });
  source->add_subcommand("kinds", "List the kinds of sources, their URLs and settings")->callback([&access, &result] {
    run_kinds(access);
    result = ExitCode::clean;
  });
  finish(add_subcommand(*source, a, "enable", "Let jobs use a source", true), database,
         [](const SourceArguments& arguments) { return run_enable(arguments, true), ExitCode::clean; });
  finish(add_subcommand(*source, a, "disable", "Let no new job use a source", true), database,
         [](const SourceArguments& arguments) { return run_enable(arguments, false), ExitCode::clean; });
  finish(add_subcommand(*source, a, "remove", "Remove a source", true), database, done(run_remove));
}

}  // namespace assay::cli
