#include <fmt/format.h>

#include <limits>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/findings_writer.h"
#include "cli/human.h"
#include "cli/job_watch.h"
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

ExitCode run(const FindingsArguments& a) {
  const auto store = open_database(load_configuration(*a.configuration), Absent::refuse);
  const auto jobs = jobs_named(*store, a.job);
  const auto names = source_names(*store, a.filter.datasource);
  Output output(a.output);
  const auto writer = make_findings_writer(a.format, output);
  size_t written = 0;
  bool has_more = false;
  for (const auto& job : jobs) {
    auto filter = a.filter;
    filter.job_id = job.id;
    filter.after_id = 0;
    while (!has_more) {
      filter.most = std::min(findings_a_page, a.limit - written + 1);
      const auto page = store->list_findings(filter);
      for (const auto& finding : page) {
        has_more = written == a.limit;
        if (has_more) break;
        const auto name = names.find(finding.datasource_id);
        writer->add(finding, name == names.end() ? "" : name->second);
        ++written;
      }
      if (page.size() < filter.most) break;
      filter.after_id = page.back().id;
    }
  }
  writer->finish();
  output.commit();
  if (has_more)
    fmt::print(stderr, "assay: there are more than these {} findings; --limit shows them\n", human_count(written));
  return ExitCode::clean;
}

void add_options(CLI::App& command, FindingsArguments& a, const char* format, std::vector<std::string> formats) {
  command.add_option("--job", a.job, "Number of the job; m3 is every job of master job 3")->required();
  command.add_option("--source", a.filter.datasource, "Only findings in this source");
  command.add_option("--entity", a.filter.entity, "Only findings of this entity");
  command.add_option("--path", a.filter.path_prefix, "Only findings in objects whose path begins so");
  command.add_option("--min-confidence", a.filter.min_confidence, "Only findings from this confidence on")
      ->check(CLI::Range(0.0, 1.0));
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
  auto* list = findings->add_subcommand("list", "Show findings");
  const auto list_arguments = std::make_shared<FindingsArguments>();
  add_options(*list, *list_arguments, "table", {"table", "json", "jsonl", "csv"});
  list->add_option("--limit", list_arguments->limit, "How many at most")
      ->check(CLI::Range(1U, 100'000U))
      ->capture_default_str();
  finish(list, list_arguments);
  auto* all = findings->add_subcommand("export", "Write all findings, one after the other");
  const auto export_arguments = std::make_shared<FindingsArguments>();
  export_arguments->limit = std::numeric_limits<size_t>::max() - 1;
  add_options(*all, *export_arguments, "jsonl", {"json", "jsonl", "csv"});
  finish(all, export_arguments);
}

}  // namespace assay::cli
