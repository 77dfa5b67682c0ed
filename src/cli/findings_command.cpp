#include <fmt/format.h>

#include <limits>
#include <map>
#include <memory>

#include "cli/columns_writer.h"
#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/findings_writer.h"
#include "cli/human.h"
#include "cli/job_watch.h"
#include "cli/number_range.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t findings_a_page = 1000;

struct FindingsArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string job, format, output;
  store::FindingFilter filter;
  size_t limit = 1000;
  bool are_columns = false;
};

std::map<int64_t, std::string> source_names(store::Store& store, const std::string& wanted) {
  std::map<int64_t, std::string> names;
  bool is_there = wanted.empty();
  for (const auto& source : store.list_datasources()) {
    names[source.id] = source.name;
    is_there |= source.name == wanted;
  }
  if (!is_there)
    throw core::Error(core::ErrorKind::not_found, fmt::format("there is no source '{}'; `assay source list` shows them",
                                                              core::printable(wanted, 200)));
  return names;
}

/// Writes the pages that `list` gives of each job, up to the limit; says on standard error when there is more.
template <typename Writer, typename List>
ExitCode write_all(const FindingsArguments& a, std::unique_ptr<Writer> (*make)(const std::string&, Output&),
                   const List& list) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto jobs = jobs_named(*store, a.job);
  const auto names = source_names(*store, a.filter.datasource);
  Output output(a.output);
  const auto writer = make(a.format, output);
  size_t written = 0;
  bool has_more = false;
  for (const auto& job : jobs) {
    auto filter = a.filter;
    filter.job_id = job.id;
    filter.after_id = 0;
    while (!has_more) {
      filter.most = std::min(findings_a_page, a.limit - written + 1);
      const auto page = list(*store, filter);
      for (const auto& found : page) {
        has_more = written == a.limit;
        if (has_more) break;
        const auto name = names.find(found.datasource_id);
        writer->add(found, name == names.end() ? "" : name->second);
        ++written;
      }
      if (page.size() < filter.most) break;
      filter.after_id = page.back().id;
    }
  }
  writer->finish();
  output.commit();
  if (has_more)
    fmt::print(stderr, "assay: there are more than these {} {}; --limit shows them\n", human_count(written),
               a.are_columns ? "columns" : "findings");
  return ExitCode::clean;
}

ExitCode run(const FindingsArguments& a) {
  if (a.are_columns)
    return write_all(a, make_columns_writer, [](store::Store& store, const store::FindingFilter& filter) {
      return store.list_columns(filter);
    });
  return write_all(a, make_findings_writer,
                   [](store::Store& store, const store::FindingFilter& filter) { return store.list_findings(filter); });
}

void add_options(CLI::App& command, FindingsArguments& a, const char* format, std::vector<std::string> formats) {
  command.add_option("--job", a.job, "Number of the job; m3 is every job of master job 3")->required();
  command.add_flag(
      "--new-only", a.filter.new_only,
      "Only what the job found itself; else also what earlier jobs found in objects that it saw unchanged");
  command.add_option("--source", a.filter.datasource, "Only findings in this source");
  command.add_option("--entity", a.filter.entity, "Only findings of this entity");
  command.add_option("--path", a.filter.path_prefix, "Only findings in objects whose path begins so");
  command.add_option("--min-confidence", a.filter.min_confidence, "Only findings from this confidence on")
      ->check(share());
  command.add_option("--format", a.format, fmt::format("{}", fmt::join(formats, ", ")))
      ->check(CLI::IsMember(formats))
      ->default_val(format);
  command.add_option("-o,--output", a.output, "Write to this file");
}

}  // namespace

void add_findings_command(CLI::App& app, ExitCode& result) {
  auto* findings = app.add_subcommand("findings", "Show or export what jobs found; values are masked");
  findings->require_subcommand(1);
  const auto finish = [&result](CLI::App* command, const std::shared_ptr<FindingsArguments>& a) {
    a->configuration = add_database_flags(*command);
    command->callback([a, &result] { result = run(*a); });
  };
  const auto add_list = [&](const char* name, const char* help, bool are_columns) {
    auto* list = findings->add_subcommand(name, help);
    const auto arguments = std::make_shared<FindingsArguments>();
    arguments->are_columns = are_columns;
    add_options(*list, *arguments, "table", {"table", "json", "jsonl", "csv"});
    list->add_option("--limit", arguments->limit, "How many at most")
        ->check(whole_number(1, 100'000))
        ->capture_default_str();
    finish(list, arguments);
  };
  add_list("list", "Show findings", false);
  add_list("columns", "Show what columns of tables hold as a whole", true);
  auto* all = findings->add_subcommand("export", "Write all findings, one after the other");
  const auto export_arguments = std::make_shared<FindingsArguments>();
  export_arguments->limit = std::numeric_limits<size_t>::max() - 1;
  add_options(*all, *export_arguments, "jsonl", {"json", "jsonl", "csv"});
  finish(all, export_arguments);
}

}  // namespace assay::cli
