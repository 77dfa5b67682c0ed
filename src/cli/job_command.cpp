#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "cli/commands.h"
#include "cli/configuration/configuration_flags.h"
#include "cli/database.h"
#include "cli/job_facts.h"
#include "cli/job_views.h"
#include "cli/job_watch.h"
#include "cli/number_range.h"
#include "cli/report/json_text.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/jobs/template.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr auto time_to_obey = std::chrono::seconds(5);
constexpr size_t most_jobs_looked_at = 100'000;
constexpr size_t tasks_a_page = 1000;

struct JobArguments {
  std::shared_ptr<ConfigurationArguments> configuration;
  std::string format = "table";
  std::string name;  ///< template, or job
  std::string idempotency_key, status;
  std::vector<int64_t> tasks;
  size_t limit = 100;
  bool wait = false, full = false, all_dead = false;
};

std::unique_ptr<store::Store> opened(const JobArguments& a) {
  return open_database(load_configuration(*a.configuration), Absent::refuse);
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user != nullptr ? user->pw_name : std::to_string(::geteuid());
}

ExitCode run_start(const JobArguments& a) {
  const auto store = opened(a);
  const auto definition = store->find_template(a.name);
  if (!definition)
    throw core::Error(
        core::ErrorKind::not_found,
        fmt::format("there is no template '{}'; `assay template list` shows them", core::printable(a.name, 200)));
  auto scan_template = scan::template_from_json(*definition);
  if (a.full) scan_template.options.full = true;
  const auto submitted = scan::compose_job(*store, scan_template, a.idempotency_key, user_name());
  if (a.format == "json") {
    fmt::print("{}\n",
               to_text(json::object{{"master_job_id", submitted.master_job_id},
                                    {"job_ids", json::array(submitted.job_ids.begin(), submitted.job_ids.end())},
                                    {"existed", submitted.existed}}));
  } else {
    for (const int64_t id : submitted.job_ids) {
      const auto job = store->find_job(id);
      fmt::print("{} job {} of master job m{}, node group {}\n", submitted.existed ? "there is" : "started", id,
                 submitted.master_job_id, job ? core::printable(job->node_group, 200) : "-");
    }
  }
  std::fflush(stdout);
  return a.wait ? watch_jobs(*store, submitted.job_ids) : ExitCode::clean;
}

ExitCode run_list(const JobArguments& a) {
  const auto store = opened(a);
  auto jobs = store->list_jobs(a.status.empty() ? a.limit : most_jobs_looked_at);
  if (!a.status.empty())
    std::erase_if(jobs, [&a](const auto& job) { return job.status != model::job_status_from_string(a.status); });
  if (jobs.size() > a.limit) jobs.resize(a.limit);
  if (a.format == "json") {
    json::array list;
    for (const auto& job : jobs) list.push_back(job_json(job));
    fmt::print("{}\n", to_text(list));
  } else {
    fmt::print("{}", jobs_text(jobs, store->now_ms()));
  }
  return ExitCode::clean;
}

ExitCode run_show(const JobArguments& a) {
  const auto store = opened(a);
  json::array list;
  bool is_first = true;
  for (const auto& job : jobs_named(*store, a.name)) {
    const auto facts = gather_facts(*store, job);
    if (a.format == "json") list.push_back(job_json(facts));
    else fmt::print("{}{}", is_first ? "" : "\n", job_text(facts));
    is_first = false;
  }
  if (a.format == "json") fmt::print("{}\n", to_text(list));
  return ExitCode::clean;
}

ExitCode run_tasks(const JobArguments& a) {
  const auto store = opened(a);
  std::optional<model::TaskStatus> status;
  if (!a.status.empty()) status = model::task_status_from_string(a.status);
  std::vector<store::TaskRow> tasks;
  for (const auto& job : jobs_named(*store, a.name)) {
    for (int64_t after = 0; tasks.size() < a.limit;) {
      const auto page = store->list_tasks(job.id, status, after, std::min(tasks_a_page, a.limit - tasks.size()));
      if (page.empty()) break;
      after = page.back().id;
      tasks.insert(tasks.end(), page.begin(), page.end());
    }
  }
  if (a.format == "json") {
    json::array list;
    for (const auto& task : tasks) list.push_back(task_json(task));
    fmt::print("{}\n", to_text(list));
  } else {
    fmt::print("{}", tasks_text(tasks));
    if (tasks.size() == a.limit) fmt::print("\nThere may be more: --limit shows them.\n");
  }
  return ExitCode::clean;
}

ExitCode run_watch(const JobArguments& a) {
  const auto store = opened(a);
  std::vector<int64_t> ids;
  for (const auto& job : jobs_named(*store, a.name)) ids.push_back(job.id);
  return watch_jobs(*store, ids);
}

// Waits until the orchestrator has done what was asked, for a while; says what came of it.
void tell_outcome(store::Store& store, int64_t job_id) {
  const auto until = std::chrono::steady_clock::now() + time_to_obey;
  auto job = store.find_job(job_id);
  while (job && job->pending_command && std::chrono::steady_clock::now() < until) {
    store.wait_for_change(fmt::format("job/{}", job_id), 200);
    if (store.dialect() == sql::Dialect::sqlite) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    job = store.find_job(job_id);
  }
  if (!job) return;
  fmt::print("job {} is {}\n", job_id, model::to_string(job->status));
  if (!job->pending_command) return;
  for (const auto& reason : reasons_for_waiting(gather_facts(store, *job))) fmt::print("- {}\n", reason);
}

ExitCode run_command(const JobArguments& a, model::JobCommand command) {
  const auto store = opened(a);
  const auto jobs = jobs_named(*store, a.name);
  for (const auto& job : jobs) {
    // Of a master's jobs those that are over are no obstacle.
    if (jobs.size() > 1 && is_over(job.status)) continue;
    store->request_command(job.id, command);
  }
  for (const auto& job : jobs) tell_outcome(*store, job.id);
  return ExitCode::clean;
}

ExitCode run_retry(const JobArguments& a) {
  const auto store = opened(a);
  const auto jobs = jobs_named(*store, a.name);
  if (!a.tasks.empty() && jobs.size() > 1)
    throw core::Error(core::ErrorKind::bad_input, "--task needs one job, not a master job");
  size_t retried = 0;
  for (const auto& job : jobs) retried += store->retry_dead_tasks(job.id, a.tasks);
  fmt::print("{} dead {} will be tried again\n", retried, retried == 1 ? "task" : "tasks");
  if (retried < a.tasks.size()) {
    fmt::print(stderr, "assay: {} of the {} tasks named are not dead tasks of this job\n", a.tasks.size() - retried,
               a.tasks.size());
    return ExitCode::usage;
  }
  return ExitCode::clean;
}

class JobCommands {
 public:
  JobCommands(CLI::App& parent, ExitCode& result) : parent_(parent), result_(result) {}

  CLI::App* add(const char* name, const char* help, std::function<ExitCode(const JobArguments&)> run) {
    auto* command = parent_.add_subcommand(name, help);
    const auto configuration = add_database_flags(*command);
    command->callback([a = arguments_, configuration, run = std::move(run), &result = result_] {
      a->configuration = configuration;
      result = run(*a);
    });
    return command;
  }
  CLI::App* add_for_job(const char* name, const char* help, std::function<ExitCode(const JobArguments&)> run) {
    auto* command = add(name, help, std::move(run));
    command->add_option("ID", arguments_->name, "Number of the job; m3 is every job of master job 3")->required();
    return command;
  }
  void add_format(CLI::App* command) {
    command->add_option("--format", arguments_->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
  }
  void add_limit(CLI::App* command, const char* help) {
    command->add_option("--limit", arguments_->limit, help)->check(whole_number(1, 1'000'000))->capture_default_str();
  }
  void add_status(CLI::App* command, std::vector<std::string> statuses, const char* help) {
    command->add_option("--status", arguments_->status, help)
        ->transform([](std::string text) {
          std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
          return text;
        })
        ->check(CLI::IsMember(std::move(statuses)));
  }
  JobArguments& arguments() { return *arguments_; }

 private:
  CLI::App& parent_;
  ExitCode& result_;
  std::shared_ptr<JobArguments> arguments_ = std::make_shared<JobArguments>();
};

void add_start(JobCommands& commands) {
  auto& a = commands.arguments();
  auto* start = commands.add("start", "Start a job from a template", run_start);
  start->add_option("TEMPLATE", a.name, "Name of the template")->required();
  start->add_flag("--wait", a.wait, "Wait until it is over, and show how it advances");
  start->add_flag("--full", a.full, "Read what has not changed since the last scan, too");
  start->add_option("--idempotency-key", a.idempotency_key,
                    "A word of your choosing: starting twice with the same one starts one job");
  commands.add_format(start);
  start->footer(
      "Exit codes: 0 started; with --wait: 0 completed, 3 something could not be read, 4 failed or cancelled");
}

}  // namespace

void add_job_command(CLI::App& app, ExitCode& result) {
  auto* job = app.add_subcommand("job", "Start jobs, see how they are, and steer them");
  job->require_subcommand(1);
  JobCommands commands(*job, result);
  add_start(commands);

  auto* list = commands.add("list", "List jobs, newest first", run_list);
  commands.add_status(list,
                      {"QUEUED", "RUNNING", "PAUSING", "PAUSED", "CANCELLING", "CANCELLED", "COMPLETED", "FAILED"},
                      "Only jobs in this state");
  commands.add_limit(list, "How many at most");
  commands.add_format(list);

  commands.add_format(commands.add_for_job("show", "Tell all about a job, and why it does not run", run_show));

  auto* tasks = commands.add_for_job("tasks", "List the tasks of a job", run_tasks);
  commands.add_status(tasks, {"PENDING", "READY", "RUNNING", "COMPLETED", "FAILED", "DEAD"},
                      "Only tasks in this state");
  commands.add_limit(tasks, "How many at most");
  commands.add_format(tasks);

  commands.add_for_job("watch", "Show how a job advances until it is over", run_watch)
      ->footer("Exit codes: 0 completed, 3 something could not be read or watching was ended, 4 failed or cancelled");
  using model::JobCommand;
  commands.add_for_job("pause", "Let a job rest: what has begun ends, nothing else begins",
                       [](const JobArguments& a) { return run_command(a, JobCommand::pause); });
  commands.add_for_job("resume", "Let a paused job go on",
                       [](const JobArguments& a) { return run_command(a, JobCommand::resume); });
  commands.add_for_job("cancel", "End a job for good",
                       [](const JobArguments& a) { return run_command(a, JobCommand::cancel); });
  auto* retry = commands.add_for_job("retry", "Try dead tasks again", run_retry);
  auto* dead = retry->add_flag("--dead", commands.arguments().all_dead, "All of them (so it is without --task, too)");
  retry->add_option("--task", commands.arguments().tasks, "Only this task (may be repeated)")
      ->allow_extra_args(false)
      ->excludes(dead);
}

}  // namespace assay::cli
