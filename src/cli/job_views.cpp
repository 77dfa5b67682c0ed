#include "cli/job_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/human.h"
#include "cli/progress_meter.h"
#include "cli/text_table.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t most_error_bytes = 4096;

std::string age(const store::JobRow& job, int64_t now_ms) {
  if (job.started_at == 0) return "-";
  const int64_t end = job.finished_at != 0 ? job.finished_at : now_ms;
  return human_duration(static_cast<double>(std::max<int64_t>(0, end - job.started_at)) / 1000.0);
}

std::string name_of(const JobFacts& facts, int64_t datasource_id) {
  const auto found = facts.source_names.find(datasource_id);
  return found == facts.source_names.end() ? fmt::format("source {}", datasource_id) : found->second;
}

// Objects and bytes a second since the job began, and how long it takes at that rate.
std::string rate_text(const JobFacts& facts, const store::ProgressRow& sum) {
  const int64_t end = facts.job.finished_at != 0 ? facts.job.finished_at : facts.now_ms;
  if (facts.job.started_at == 0 || end <= facts.job.started_at) return "-";
  ProgressMeter meter;
  model::ProgressDelta none = sum.work;
  none.objects_done = none.objects_skipped = none.objects_failed = 0;
  none.bytes_done = none.bytes_skipped = none.bytes_failed = 0;
  meter.add(facts.job.started_at, none);
  meter.add(end, sum.work);
  std::string text = fmt::format("{:.1f} objects/s, {}/s", meter.objects_per_s(),
                                 human_bytes(static_cast<uint64_t>(meter.bytes_per_s())));
  if (const auto left = meter.remaining_s(); left && !is_over(facts.job.status) && *left > 0)
    text += fmt::format(", about {} left of what is known", human_duration(*left));
  return text;
}

json::object progress_json(const store::ProgressRow& row) {
  const auto& w = row.work;
  return {{"tasks", json::object{{"pending", row.pending},
                                 {"ready", row.ready},
                                 {"running", row.running},
                                 {"completed", row.completed},
                                 {"failed", row.failed},
                                 {"dead", row.dead}}},
          {"outputs_waiting", row.outputs_waiting},
          {"retries", row.retries},
          {"rescues", row.rescues},
          {"objects", json::object{{"discovered", w.objects_discovered},
                                   {"done", w.objects_done},
                                   {"skipped", w.objects_skipped},
                                   {"failed", w.objects_failed}}},
          {"bytes", json::object{{"discovered", w.bytes_discovered},
                                 {"done", w.bytes_done},
                                 {"skipped", w.bytes_skipped},
                                 {"failed", w.bytes_failed}}},
          {"findings", w.findings}};
}

void add_progress(TextTable& table, const std::string& name, const store::ProgressRow& row) {
  const auto& w = row.work;
  table.add({name, human_count(w.objects_discovered), human_count(w.objects_done), human_count(w.objects_skipped),
             human_count(w.objects_failed), human_bytes(w.bytes_discovered), human_bytes(bytes_over(w)),
             human_count(w.findings)});
}

}  // namespace

std::string jobs_text(const std::vector<store::JobRow>& jobs, int64_t now_ms) {
  TextTable table({">ID", "MASTER", "TEMPLATE", "NODE GROUP", "STATUS", "CREATED (UTC)", ">TIME"});
  for (const auto& job : jobs)
    table.add({std::to_string(job.id), fmt::format("m{}", job.master_job_id), job.template_name, job.node_group,
               std::string(model::to_string(job.status)), time_text(job.created_at), age(job, now_ms)});
  return table.text();
}

std::string job_text(const JobFacts& facts) {
  const auto& job = facts.job;
  const auto sum = total(facts.progress);
  std::string out = fmt::format(
      "job         {} (of master job m{})\ntemplate    {}\nnode group  {}\nstatus      {}\npriority    {}\n"
      "created     {} UTC\nstarted     {}\nfinished    {}\ntime        {}\nrun by      {}\n",
      job.id, job.master_job_id, job.template_name.empty() ? "-" : core::printable(job.template_name, 200),
      core::printable(job.node_group, 200), model::to_string(job.status), job.priority, time_text(job.created_at),
      time_text(job.started_at), time_text(job.finished_at), age(job, facts.now_ms),
      job.orchestrator_id.empty() ? "-" : core::printable(job.orchestrator_id, 200));
  out += fmt::format("tasks       {} pending, {} ready, {} running, {} completed, {} to be tried again, {} dead\n",
                     human_count(sum.pending), human_count(sum.ready), human_count(sum.running),
                     human_count(sum.completed), human_count(sum.failed), human_count(sum.dead));
  out += fmt::format("attempts    {} retries, {} rescues\nrate        {}\n\n", human_count(sum.retries),
                     human_count(sum.rescues), rate_text(facts, sum));
  TextTable table({"SOURCE", ">OBJECTS", ">DONE", ">UNCHANGED", ">FAILED", ">BYTES", ">DEALT WITH", ">FINDINGS"});
  for (const auto& row : facts.progress) add_progress(table, name_of(facts, row.datasource_id), row);
  if (facts.progress.size() > 1) add_progress(table, "all", sum);
  out += table.text();
  const auto reasons = reasons_for_waiting(facts);
  if (!reasons.empty()) out += "\n";
  for (const auto& reason : reasons) out += fmt::format("- {}\n", reason);
  return out;
}

std::string tasks_text(const std::vector<store::TaskRow>& tasks) {
  TextTable table({">ID", "KIND", "STATUS", ">ATTEMPT", ">OBJECTS", ">BYTES", "NOT BEFORE (UTC)", "WORKER", "ERROR"});
  for (const auto& t : tasks)
    table.add({std::to_string(t.id), t.kind, std::string(model::to_string(t.status)), std::to_string(t.attempt),
               human_count(t.items), human_bytes(t.bytes), time_text(t.not_before), t.worker_id, t.error});
  return table.text();
}

json::object job_json(const store::JobRow& job) {
  return {{"id", job.id},
          {"master_job_id", job.master_job_id},
          {"kind", job.kind},
          {"template", core::printable(job.template_name, 200)},
          {"node_group", core::printable(job.node_group, 200)},
          {"status", model::to_string(job.status)},
          {"priority", job.priority},
          {"pending_command", job.pending_command ? json::value(model::to_string(*job.pending_command)) : nullptr},
          {"orchestrator_id", job.orchestrator_id},
          {"error", core::printable(job.error, most_error_bytes)},
          {"created_at", job.created_at},
          {"started_at", job.started_at},
          {"finished_at", job.finished_at}};
}

json::object job_json(const JobFacts& facts) {
  json::object out = job_json(facts.job);
  out["progress"] = progress_json(total(facts.progress));
  json::array sources;
  for (const auto& row : facts.progress) {
    json::object source{{"source", core::printable(name_of(facts, row.datasource_id), 200)}};
    for (auto& [key, value] : progress_json(row)) source[key] = std::move(value);
    sources.push_back(std::move(source));
  }
  out["sources"] = std::move(sources);
  json::array reasons;
  for (const auto& reason : reasons_for_waiting(facts)) reasons.emplace_back(reason);
  out["reasons"] = std::move(reasons);
  return out;
}

json::object task_json(const store::TaskRow& t) {
  return {{"id", t.id},
          {"job_id", t.job_id},
          {"parent_task_id", t.parent_task_id},
          {"datasource_id", t.datasource_id},
          {"kind", t.kind},
          {"status", model::to_string(t.status)},
          {"priority", t.priority},
          {"attempt", t.attempt},
          {"worker_id", t.worker_id},
          {"error", core::printable(t.error, most_error_bytes)},
          {"items", t.items},
          {"bytes", t.bytes},
          {"not_before", t.not_before},
          {"created_at", t.created_at},
          {"claimed_at", t.claimed_at},
          {"finished_at", t.finished_at}};
}

}  // namespace assay::cli
