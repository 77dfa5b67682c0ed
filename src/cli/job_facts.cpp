#include "cli/job_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/human.h"
#include "cli/text_table.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

using model::BreakerState;
using model::JobCommand;
using model::JobStatus;

constexpr size_t most_failed_tasks_looked_at = 1000;

std::string in_time(int64_t from_ms, int64_t to_ms) {
  return human_duration(static_cast<double>(std::max<int64_t>(0, to_ms - from_ms)) / 1000.0);
}

std::string tasks_text(uint64_t n) { return fmt::format("{} {}", human_count(n), n == 1 ? "task" : "tasks"); }

std::string name_of(const JobFacts& facts, int64_t datasource_id) {
  const auto found = facts.source_names.find(datasource_id);
  return found == facts.source_names.end() ? std::to_string(datasource_id) : core::printable(found->second, 200);
}

size_t alive(const std::vector<store::ProcessRow>& rows, const JobFacts& facts, bool count_draining) {
  return static_cast<size_t>(std::ranges::count_if(rows, [&](const store::ProcessRow& row) {
    return row.identity.node_group == facts.job.node_group && row.expires_at > facts.now_ms &&
           (count_draining || !row.draining);
  }));
}

using Reasons = std::vector<std::string>;

void explain_processes(const JobFacts& f, Reasons& out) {
  const std::string group = core::printable(f.job.node_group, 200);
  if (f.job.status != JobStatus::paused && alive(f.orchestrators, f, true) == 0)
    out.push_back(
        fmt::format("no orchestrator is alive in the node group '{}': start `assay orchestrator --node-group "
                    "{}`, or `assay serve`",
                    group, group));
  if (f.job.status != JobStatus::queued && f.job.status != JobStatus::running) return;
  const size_t all = alive(f.workers, f, true);
  if (all == 0)
    out.push_back(
        fmt::format("no worker is alive in the node group '{}': start `assay worker --node-group {}`, or `assay serve`",
                    group, group));
  else if (alive(f.workers, f, false) == 0)
    out.push_back(fmt::format("all {} workers of the node group '{}' are ending", all, group));
}

void explain_lease(const JobFacts& f, Reasons& out) {
  if (f.job.orchestrator_id.empty() || is_over(f.job.status) || f.job.status == JobStatus::paused) return;
  if (f.job.orchestrator_lease_expiry <= f.now_ms) {
    out.push_back(
        fmt::format("its orchestrator has been silent for too long; its lease ran out {} ago and the next one "
                    "takes the job",
                    in_time(f.job.orchestrator_lease_expiry, f.now_ms)));
    return;
  }
  const bool is_there = std::ranges::any_of(f.orchestrators, [&f](const store::ProcessRow& row) {
    return row.identity.id == f.job.orchestrator_id && row.expires_at > f.now_ms;
  });
  if (!is_there)
    out.push_back(fmt::format("its orchestrator is gone; another takes the job when its lease ends, in {}",
                              in_time(f.now_ms, f.job.orchestrator_lease_expiry)));
}

void explain_status(const JobFacts& f, const store::ProgressRow& sum, Reasons& out) {
  if (f.job.pending_command && !is_over(f.job.status))
    out.push_back(fmt::format("{} was asked for; its orchestrator does so at its next turn",
                              *f.job.pending_command == JobCommand::pause    ? "a pause"
                              : *f.job.pending_command == JobCommand::resume ? "to go on"
                                                                             : "its end"));
  switch (f.job.status) {
    case JobStatus::queued:
      if (alive(f.orchestrators, f, true) != 0)
        out.push_back("it is queued: orchestrators take the jobs with the lowest priority number first");
      break;
    case JobStatus::pausing:
    case JobStatus::cancelling:
      out.push_back(fmt::format("it waits for {} in work to end", tasks_text(sum.running)));
      break;
    case JobStatus::paused:
      out.push_back(fmt::format("it is paused; `assay job resume {}` lets it go on", f.job.id));
      break;
    case JobStatus::running:
    case JobStatus::cancelled:
    case JobStatus::completed:
    case JobStatus::failed: break;
  }
}

void explain_breakers(const JobFacts& f, Reasons& out) {
  for (const auto& breaker : f.breakers) {
    const bool is_ours = std::ranges::any_of(
        f.progress, [&breaker](const auto& row) { return row.datasource_id == breaker.datasource_id; });
    if (!is_ours || breaker.state == BreakerState::closed) continue;
    const std::string name = name_of(f, breaker.datasource_id);
    if (breaker.state == BreakerState::half_open || breaker.open_until <= f.now_ms)
      out.push_back(fmt::format("the source '{}' failed {} times; one task tries whether it answers again", name,
                                breaker.failures));
    else
      out.push_back(fmt::format("the source '{}' failed {} times; its tasks wait until {} UTC (in {})", name,
                                breaker.failures, time_text(breaker.open_until),
                                in_time(f.now_ms, breaker.open_until)));
  }
}

void explain_tasks(const JobFacts& f, const store::ProgressRow& sum, Reasons& out) {
  if (sum.pending != 0) {
    for (const auto& budget : f.budgets)
      if (budget.in_use >= budget.limit)
        out.push_back(fmt::format("the budget of the source '{}' is used up: {} of {} {}",
                                  core::printable(budget.source, 200), budget.in_use, budget.limit, budget.what));
    if (sum.ready == 0 && sum.running == 0)
      out.push_back(
          fmt::format("{} wait to be admitted by the orchestrator, as budgets allow", tasks_text(sum.pending)));
  }
  if (sum.failed != 0) {
    std::string text = fmt::format("{} failed and will be tried again", tasks_text(sum.failed));
    if (f.next_retry_at)
      text += *f.next_retry_at <= f.now_ms
                  ? "; the first is due"
                  : fmt::format("; the first is made at {} UTC (in {})", time_text(*f.next_retry_at),
                                in_time(f.now_ms, *f.next_retry_at));
    out.push_back(std::move(text));
  }
  if (sum.ready != 0 && sum.running == 0 && alive(f.workers, f, false) != 0)
    out.push_back(fmt::format("{} are ready and wait until one of {} live workers takes them", tasks_text(sum.ready),
                              alive(f.workers, f, false)));
}

void explain_dead(const JobFacts& f, const store::ProgressRow& sum, Reasons& out) {
  if (sum.dead == 0) return;
  out.push_back(
      fmt::format("{} used up all attempts: `assay job tasks {} --status dead` lists them, `assay job retry "
                  "{}` tries them again",
                  tasks_text(sum.dead), f.job.id, f.job.id));
}

std::vector<BudgetUse> budgets_in_use(store::Store& store, const model::Datasource& source) {
  std::vector<BudgetUse> list;
  const auto add = [&](std::string_view what, uint64_t limit) {
    if (limit == 0) return;
    const std::string key = fmt::format("datasource/{}/{}", source.id, what);
    list.push_back({source.name, std::string(what), store.resources_in_use(key), limit});
  };
  add("tasks", source.budget.concurrent_tasks);
  add("connections", source.budget.connections);
  add("memory", source.budget.memory_bytes);
  return list;
}

}  // namespace

bool is_over(JobStatus status) noexcept {
  return status == JobStatus::completed || status == JobStatus::failed || status == JobStatus::cancelled;
}

store::ProgressRow total(const std::vector<store::ProgressRow>& rows) {
  store::ProgressRow sum;
  for (const auto& row : rows) {
    sum.job_id = row.job_id;
    sum.pending += row.pending;
    sum.ready += row.ready;
    sum.running += row.running;
    sum.completed += row.completed;
    sum.failed += row.failed;
    sum.dead += row.dead;
    sum.outputs_waiting += row.outputs_waiting;
    sum.retries += row.retries;
    sum.rescues += row.rescues;
    sum.work.objects_discovered += row.work.objects_discovered;
    sum.work.bytes_discovered += row.work.bytes_discovered;
    sum.work.objects_done += row.work.objects_done;
    sum.work.bytes_done += row.work.bytes_done;
    sum.work.objects_skipped += row.work.objects_skipped;
    sum.work.bytes_skipped += row.work.bytes_skipped;
    sum.work.objects_failed += row.work.objects_failed;
    sum.work.bytes_failed += row.work.bytes_failed;
    sum.work.findings += row.work.findings;
  }
  return sum;
}

std::vector<std::string> reasons_for_waiting(const JobFacts& facts) {
  Reasons out;
  const auto sum = total(facts.progress);
  if (!is_over(facts.job.status)) {
    explain_processes(facts, out);
    explain_status(facts, sum, out);
    explain_lease(facts, out);
  }
  if (facts.job.status == JobStatus::running) {
    explain_breakers(facts, out);
    explain_tasks(facts, sum, out);
  }
  explain_dead(facts, sum, out);
  if (!facts.job.error.empty()) out.push_back(core::printable(facts.job.error, 4096));
  return out;
}

JobFacts gather_facts(store::Store& store, const store::JobRow& job) {
  JobFacts facts{.job = job,
                 .progress = store.progress(job.id),
                 .workers = store.list_workers(),
                 .orchestrators = store.list_orchestrators(),
                 .breakers = store.breakers(),
                 .source_names = {},
                 .budgets = {},
                 .next_retry_at = {},
                 .now_ms = store.now_ms()};
  for (const auto& source : store.list_datasources()) {
    facts.source_names[source.id] = source.name;
    const bool is_ours =
        std::ranges::any_of(facts.progress, [&](const auto& row) { return row.datasource_id == source.id; });
    if (!is_ours || is_over(job.status)) continue;
    std::ranges::move(budgets_in_use(store, source), std::back_inserter(facts.budgets));
  }
  if (total(facts.progress).failed != 0)
    for (const auto& task : store.list_tasks(job.id, model::TaskStatus::failed, 0, most_failed_tasks_looked_at))
      facts.next_retry_at = std::min(facts.next_retry_at.value_or(task.not_before), task.not_before);
  return facts;
}

}  // namespace assay::cli
