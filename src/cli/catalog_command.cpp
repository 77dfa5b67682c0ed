#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "catalog/diff.h"
#include "catalog/values.h"
#include "cli/catalog_views.h"
#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/human.h"
#include "cli/number_range.h"
#include "cli/report/csv_text.h"
#include "cli/report/json_text.h"
#include "cli/report/report.h"
#include "cli/text_table.h"
#include "core/error.h"
#include "core/glob.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t most_runs = 100'001;  // as many as can be kept, and the one that goes on
constexpr size_t most_namesakes = 20;
constexpr size_t changes_a_page = 1000;

struct CatalogArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string source, schema, table, format, output;
  bool is_sensitive = false, with_vanished = false;
  size_t limit = 1000;
  int64_t from = 0, to = 0;
};

std::unique_ptr<store::Store> opened(const CatalogArguments& a) {
  return open_database(load_configuration(*a.configuration), Absent::refuse);
}

void refuse_unknown_source(store::Store& store, const std::string& name) {
  if (!name.empty() && !store.find_datasource(name))
    throw core::Error(core::ErrorKind::not_found, fmt::format("there is no source '{}'; `assay source list` shows them",
                                                              core::printable(name, 200)));
}

/// Tables of the catalog, page by page, until `visit` returns false.
void for_each_table(store::Store& store, const CatalogArguments& a, bool with_columns,
                    const std::function<bool(const model::CatalogTable&, const std::string& source)>& visit) {
  std::map<int64_t, std::string> names;
  for (const auto& source : store.list_datasources()) names[source.id] = source.name;
  std::optional<core::Glob> schema;
  if (!a.schema.empty()) schema.emplace(a.schema);
  store::CatalogFilter filter{.datasource = a.source,
                              .is_sensitive = a.is_sensitive,
                              .with_vanished = a.with_vanished,
                              .with_columns = with_columns};
  for (;;) {
    const store::CatalogPage page = store.list_catalog_tables(filter);
    for (const model::CatalogTable& table : page.tables) {
      if (schema && schema->matches(table.description.schema, false) == schema->is_negated()) continue;
      if (!visit(table, names[table.datasource_id])) return;
    }
    if (!page.next) return;
    filter.after = *page.next;
  }
}

/// Writes tables one after the other.
class TablesWriter {
 public:
  virtual ~TablesWriter() = default;
  virtual void add(const model::CatalogTable& table, const std::string& source) = 0;
  virtual void finish() {}
};

class TextWriter final : public TablesWriter {
 public:
  explicit TextWriter(Output& output) : output_(output) {}
  void add(const model::CatalogTable& table, const std::string& source) override {
    const auto& bytes = table.description.bytes;
    table_.add({source, core::printable(model::name_of(table), 4096), table.description.kind, catalog_rows_text(table),
                bytes ? human_bytes(*bytes) : "-", std::to_string(table.column_count),
                fmt::format("{}", fmt::join(table.entities, ", ")),
                table.vanished_at != 0 ? "vanished " + time_text(table.vanished_at) : time_text(table.last_seen_at)});
  }
  void finish() override { output_.write(table_.text()); }

 private:
  Output& output_;
  TextTable table_{{"SOURCE", "TABLE", "KIND", ">ROWS", ">SIZE", ">COLUMNS", "HOLDS", "SEEN"}};
};

class JsonWriter final : public TablesWriter {
 public:
  JsonWriter(Output& output, bool is_lines) : output_(output), is_lines_(is_lines) {
    if (!is_lines_) output_.write("[");
  }
  void add(const model::CatalogTable& table, const std::string& source) override {
    const std::string text = to_text(catalog::to_json(table, source));
    output_.write(is_lines_ ? text + "\n" : (is_first_ ? "\n" : ",\n") + text);
    is_first_ = false;
  }
  void finish() override {
    if (!is_lines_) output_.write(is_first_ ? "]\n" : "\n]\n");
  }

 private:
  Output& output_;
  const bool is_lines_;
  bool is_first_ = true;
};

class CsvWriter final : public TablesWriter {
 public:
  CsvWriter(Output& output, bool with_columns) : output_(output), with_columns_(with_columns) {
    output_.write(csv_line(with_columns ? catalog::column_heads() : catalog::table_heads()));
  }
  void add(const model::CatalogTable& table, const std::string& source) override {
    if (!with_columns_) return output_.write(csv_line(catalog::table_cells(table, source)));
    for (const auto& cells : catalog::column_cells(table, source)) output_.write(csv_line(cells));
  }

 private:
  Output& output_;
  const bool with_columns_;
};

std::unique_ptr<TablesWriter> make_writer(const std::string& format, bool with_columns, Output& output) {
  if (format == "table") return std::make_unique<TextWriter>(output);
  if (format == "csv") return std::make_unique<CsvWriter>(output, with_columns);
  return std::make_unique<JsonWriter>(output, format == "jsonl");
}

ExitCode run_tables(const CatalogArguments& a, bool with_columns) {
  const auto store = opened(a);
  refuse_unknown_source(*store, a.source);
  Output output(a.output);
  const auto writer = make_writer(a.format, with_columns, output);
  size_t written = 0;
  bool has_more = false;
  for_each_table(*store, a, with_columns, [&](const model::CatalogTable& table, const std::string& source) {
    has_more = written == a.limit;
    if (has_more) return false;
    writer->add(table, source);
    ++written;
    return true;
  });
  writer->finish();
  output.commit();
  if (has_more)
    fmt::print(stderr, "assay: there are more than these {} tables; --limit shows them\n", human_count(written));
  return ExitCode::clean;
}

/// The one table that a name means: of namesakes the one with the whole name, or the one that is still there.
const model::CatalogTable& the_one(const std::vector<model::CatalogTable>& tables, const CatalogArguments& a) {
  if (tables.empty())
    throw core::Error(core::ErrorKind::not_found,
                      fmt::format("there is no table '{}' in the catalog of '{}'; `assay catalog list --source {}` "
                                  "shows them",
                                  core::printable(a.table, 500), a.source, a.source));
  std::vector<const model::CatalogTable*> left;
  left.reserve(tables.size());
  for (const auto& table : tables) left.push_back(&table);
  const auto keep = [&left](const auto& is_meant) {
    if (std::ranges::any_of(left, is_meant)) std::erase_if(left, [&](const auto* t) { return !is_meant(t); });
  };
  keep([&](const model::CatalogTable* t) { return model::name_of(*t) == a.table || t->object == a.table; });
  keep([](const model::CatalogTable* t) { return t->vanished_at == 0; });
  if (left.size() == 1) return *left[0];
  std::vector<std::string> names;
  names.reserve(left.size());
  // Where all are called the same, only the place tells them apart.
  const bool have_one_name =
      std::ranges::all_of(left, [&](const auto* table) { return model::name_of(*table) == model::name_of(*left[0]); });
  for (const auto* table : left)
    names.push_back(core::printable(have_one_name ? table->object : model::name_of(*table), 200));
  throw core::Error(core::ErrorKind::bad_input, fmt::format("'{}' may be any of {}; say the whole name",
                                                            core::printable(a.table, 500), fmt::join(names, ", ")));
}

ExitCode run_show(const CatalogArguments& a) {
  const auto store = opened(a);
  refuse_unknown_source(*store, a.source);
  const auto page = store->list_catalog_tables(
      {.datasource = a.source, .name = a.table, .with_vanished = true, .with_columns = true, .most = most_namesakes});
  const model::CatalogTable& table = the_one(page.tables, a);
  if (a.format == "json") fmt::print("{}\n", to_text(catalog::to_json(table, a.source)));
  else fmt::print("{}", catalog_table_text(table, a.source));
  return ExitCode::clean;
}

ExitCode run_runs(const CatalogArguments& a) {
  const auto store = opened(a);
  refuse_unknown_source(*store, a.source);
  const auto runs = store->list_discovery_runs(a.source, a.limit);
  if (a.format == "json") {
    json::array list;
    for (const auto& run : runs) list.push_back(catalog::to_json(run));
    fmt::print("{}\n", to_text(list));
  } else {
    fmt::print("{}", discovery_runs_text(runs));
  }
  return ExitCode::clean;
}

/// Two runs of a source; the same one when there is none before it.
struct Span {
  model::DiscoveryRun before, after;
};

[[noreturn]] void refuse_run(const CatalogArguments& a, int64_t run) {
  throw core::Error(
      core::ErrorKind::not_found,
      fmt::format("'{0}' has no run {1} that is kept; `assay catalog runs {0}` shows them", a.source, run));
}

/// What is compared: `runs` are the newest first. Nothing when there are not two runs.
std::optional<Span> span_of(const CatalogArguments& a, std::vector<model::DiscoveryRun> runs) {
  // What goes on has not said all.
  if (a.to == 0) std::erase_if(runs, [&](const auto& run) { return run.finished_at == 0 && run.run != a.from; });
  const auto at = [&](int64_t run) {
    const auto found = std::ranges::find(runs, run, &model::DiscoveryRun::run);
    if (found == runs.end()) refuse_run(a, run);
    return found;
  };
  const auto to = a.to == 0 ? runs.begin() : at(a.to);
  if (to == runs.end()) return std::nullopt;
  const auto from = a.from == 0 ? std::next(to) : at(a.from);
  if (from == runs.end()) return std::nullopt;
  if (from->run >= to->run)
    throw core::Error(
        core::ErrorKind::bad_input,
        fmt::format("run {} is not before run {}: --from names the earlier of the two", from->run, to->run));
  return Span{*from, *to};
}

std::vector<model::CatalogChange> changes_within(store::Store& store, const std::string& source, const Span& span) {
  catalog::Diff diff;
  store::ChangeFilter filter{
      .datasource = source, .after_run = span.before.run, .to_run = span.after.run, .most = changes_a_page};
  for (;;) {
    const auto page = store.list_catalog_changes(filter);
    for (const auto& change : page) diff.add(change);
    if (page.size() < changes_a_page) return diff.take();
    filter.last_run = page.back().run;
    filter.last_id = page.back().id;
  }
}

ExitCode run_diff(const CatalogArguments& a) {
  const auto store = opened(a);
  refuse_unknown_source(*store, a.source);
  const auto span = span_of(a, store->list_discovery_runs(a.source, most_runs));
  if (a.format == "json") {
    json::object out{{"source", core::printable(a.source, 200)}};
    json::array changes;
    if (span) {
      out["from"] = catalog::to_json(span->before);
      out["to"] = catalog::to_json(span->after);
      for (const auto& change : changes_within(*store, a.source, *span)) changes.push_back(catalog::to_json(change));
    }
    out["changes"] = std::move(changes);
    fmt::print("{}\n", to_text(out));
    return ExitCode::clean;
  }
  if (!span) {
    fmt::print("{} has no two runs to compare; `assay catalog runs {}` shows them.\n", a.source, a.source);
    return ExitCode::clean;
  }
  const auto changes = changes_within(*store, a.source, *span);
  fmt::print("{}: run {} of {}, against run {} of {}\n", a.source, span->after.run, time_text(span->after.started_at),
             span->before.run, time_text(span->before.started_at));
  fmt::print("{}", changes.empty() ? "Nothing changed.\n" : catalog_changes_text(changes));
  if (!span->after.is_complete)
    fmt::print("Run {} did not see all of the source; what it did not see may have vanished.\n", span->after.run);
  return ExitCode::clean;
}

void add_format(CLI::App& command, CatalogArguments& a, const char* fallback, std::vector<std::string> formats) {
  command.add_option("--format", a.format, fmt::format("{}", fmt::join(formats, ", ")))
      ->check(CLI::IsMember(formats))
      ->default_val(fallback);
}

void add_choice_of_tables(CLI::App& command, CatalogArguments& a) {
  command.add_option("--source", a.source, "Only tables of this source");
  command.add_option("--schema", a.schema, "Only tables whose schema matches this pattern, as 'sales*'");
  command.add_flag("--sensitive", a.is_sensitive, "Only tables of which a column holds something sensitive");
  command.add_flag("--vanished", a.with_vanished, "Also tables that are gone");
}

}  // namespace

void add_catalog_command(CLI::App& app, ExitCode& result) {
  auto* catalog = app.add_subcommand("catalog", "Show what sources hold: tables, columns, and what changed");
  catalog->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, const auto& options, auto run) {
    auto* command = catalog->add_subcommand(name, help);
    const auto a = std::make_shared<CatalogArguments>();
    options(*command, *a);
    a->configuration = add_database_flags(*command);
    command->callback([a, run, &result] { result = run(*a); });
  };
  const auto source_of = [](CLI::App& command, CatalogArguments& a) {
    command.add_option("SOURCE", a.source, "Name of the source")->required();
  };
  add(
      "list", "Show tables",
      [](CLI::App& command, CatalogArguments& a) {
        add_choice_of_tables(command, a);
        add_format(command, a, "table", {"table", "json", "csv"});
        command.add_option("--limit", a.limit, "How many at most")
            ->check(whole_number(1, 100'000))
            ->capture_default_str();
      },
      [](const CatalogArguments& a) { return run_tables(a, false); });
  add(
      "show", "Show a table with its columns",
      [&](CLI::App& command, CatalogArguments& a) {
        source_of(command, a);
        command.add_option("TABLE", a.table, "schema.name, name, or path of a file")->required();
        add_format(command, a, "table", {"table", "json"});
      },
      run_show);
  add(
      "runs", "Show when a source was looked at",
      [&](CLI::App& command, CatalogArguments& a) {
        source_of(command, a);
        add_format(command, a, "table", {"table", "json"});
        a.limit = 20;
        command.add_option("--limit", a.limit, "How many at most")
            ->check(whole_number(1, 100'000))
            ->capture_default_str();
      },
      run_runs);
  add(
      "diff", "Show what changed from one run to another",
      [&](CLI::App& command, CatalogArguments& a) {
        source_of(command, a);
        command.add_option("--from", a.from, "The earlier run; else the one before the later")->check(whole_number(1));
        command.add_option("--to", a.to, "The later run; else the last that is over")->check(whole_number(1));
        add_format(command, a, "table", {"table", "json"});
      },
      run_diff);
  add(
      "export", "Write all tables with their columns",
      [](CLI::App& command, CatalogArguments& a) {
        add_choice_of_tables(command, a);
        add_format(command, a, "jsonl", {"json", "jsonl", "csv"});
        command.add_option("-o,--output", a.output, "Write to this file");
        a.limit = std::numeric_limits<size_t>::max();
      },
      [](const CatalogArguments& a) { return run_tables(a, true); });
}

}  // namespace assay::cli
