#include "coordinate/recorder.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace assay::coordinate {
namespace {

constexpr int64_t between_announcements_ms = 100;

core::Counter& counter(const Runtime& runtime, std::string_view name, std::string_view help) {
  return runtime.metrics.counter(name, help);
}

}  // namespace

Recorder::Recorder(const Runtime& runtime, const WorkerOptions& options, Workbench& bench, SourceWatch& sources)
    : runtime_(runtime),
      options_(options),
      bench_(bench),
      sources_(sources),
      completed_(counter(runtime, "assay_tasks_completed_total", "Tasks whose completion was recorded.")),
      failed_(counter(runtime, "assay_tasks_failed_total", "Attempts whose failure was recorded.")),
      given_back_(counter(runtime, "assay_tasks_given_back_total", "Tasks given back without charge.")),
      lost_(counter(runtime, "assay_tasks_lost_total", "Outcomes dropped because the task had changed hands.")),
      objects_(counter(runtime, "assay_objects_done_total", "Objects recorded as done.")),
      bytes_(counter(runtime, "assay_bytes_done_total", "Bytes of objects recorded as done.")),
      findings_(counter(runtime, "assay_findings_total", "Findings recorded.")),
      record_s_(runtime.metrics.histogram("assay_record_seconds", "Time of one recording of a batch of outcomes.",
                                          core::latency_bounds_s())) {}

int64_t Recorder::turn() { return record(false); }

void Recorder::flush() {
  while (record(true) == 0) continue;
}

int64_t Recorder::record(bool at_once) {
  const Workbench::Identity identity = bench_.identity();
  if (batch_.size() > 0 && (!identity.is_live || identity.incarnation != batch_.incarnation)) {
    lost_.add(batch_.size());  // others have, or will have, these tasks
    bench_.recorded(batch_.size());
    batch_ = {};
  }
  int64_t wait_ms = 0;
  if (batch_.size() == 0) {
    batch_ = bench_.take_outcomes(at_once, wait_ms);
    if (batch_.size() == 0) {
      announce();
      return has_news_ ? std::min<int64_t>(wait_ms, between_announcements_ms) : wait_ms;
    }
    worker_id_ = identity.worker_id;
  }
  const int64_t begun = runtime_.clock.monotonic_ms();
  if (!batch_.completions.empty()) write_completions();
  if (!batch_.failures.empty()) write_failures();
  if (!batch_.give_backs.empty()) {
    runtime_.store.give_back_tasks(worker_id_, batch_.give_backs);
    given_back_.add(batch_.give_backs.size());
    bench_.recorded(std::exchange(batch_.give_backs, {}).size());
    has_news_ = true;
  }
  record_s_.observe(static_cast<double>(runtime_.clock.monotonic_ms() - begun) / 1000);
  announce();
  return 0;
}

void Recorder::write_completions() {
  std::vector<int64_t> recorded;
  try {
    recorded = runtime_.store.complete_tasks(worker_id_, batch_.completions);
  } catch (const core::Error& error) {
    if (error.kind() == core::ErrorKind::transient) throw;
    write_one_by_one();
    return;
  }
  settle(std::exchange(batch_.completions, {}), recorded);
}

void Recorder::write_one_by_one() {
  while (!batch_.completions.empty()) {
    const store::TaskCompletion& last = batch_.completions.back();
    std::vector<int64_t> recorded;
    bool is_refused = false;
    try {
      recorded = runtime_.store.complete_tasks(worker_id_, {&last, 1});
    } catch (const core::Error& error) {
      if (error.kind() == core::ErrorKind::transient) throw;
      is_refused = true;
      runtime_.log.error("the store refused a completion",
                         {{"job", last.job_id}, {"task", last.task_id}, {"error", error.what()}});
      // Without its text, which might repeat what was refused.
      batch_.failures.push_back({.task_id = last.task_id,
                                 .job_id = last.job_id,
                                 .epoch = last.epoch,
                                 .kind = model::FailureKind::permanent,
                                 .error = "the store refused what the task wanted to record"});
    }
    std::vector<store::TaskCompletion> one;
    one.push_back(std::move(batch_.completions.back()));
    batch_.completions.pop_back();
    if (!is_refused) settle(one, recorded);
  }
}

void Recorder::settle(const std::vector<store::TaskCompletion>& tried, const std::vector<int64_t>& recorded) {
  bench_.recorded(tried.size());
  const std::unordered_set<int64_t> kept(recorded.begin(), recorded.end());
  completed_.add(kept.size());
  lost_.add(tried.size() - kept.size());
  for (const store::TaskCompletion& completion : tried) {
    if (!kept.contains(completion.task_id)) continue;
    objects_.add(completion.progress.objects_done);
    bytes_.add(completion.progress.bytes_done);
    findings_.add(completion.findings.size());
    has_news_ |= !completion.outputs.empty();
    sources_.succeeded(completion.datasource_id);
    if (!options_.on_recorded) continue;
    try {
      options_.on_recorded(completion);
    } catch (const std::exception&) {
      runtime_.log.error("could not show what was recorded",
                         {{"job", completion.job_id}, {"task", completion.task_id}});
    }
  }
}

void Recorder::write_failures() {
  try {
    runtime_.store.fail_tasks(worker_id_, batch_.failures);
  } catch (const core::Error& error) {
    if (error.kind() == core::ErrorKind::transient) throw;
    // Nothing in a failure can be refused; whatever this is, the deadline of their tasks settles it.
    runtime_.log.error("the store refused failures of tasks",
                       {{"tasks", batch_.failures.size()}, {"error", error.what()}});
  }
  const auto failures = std::exchange(batch_.failures, {});
  bench_.recorded(failures.size());
  failed_.add(failures.size());
  has_news_ = true;
}

void Recorder::announce() {
  const Workbench::Counts counts = bench_.counts();
  const bool is_idle = counts.queued + counts.running + counts.unrecorded == 0;
  if (!has_news_ && !(is_idle && was_busy_)) {
    was_busy_ |= !is_idle;
    return;
  }
  if (options_.on_progress) options_.on_progress();
  const int64_t now = runtime_.clock.monotonic_ms();
  if (now < next_announcement_ms_) return;
  next_announcement_ms_ = now + between_announcements_ms;
  was_busy_ = !is_idle;
  has_news_ = false;
  try {
    runtime_.store.announce_change("jobs/" + options_.node_group);
  } catch (const core::Error&) {  // NOLINT(bugprone-empty-catch): it only shortens waits
  }
}

}  // namespace assay::coordinate
