#include "coordinate/runner.h"

#include <new>
#include <utility>

namespace assay::coordinate {

Runner::Runner(const Runtime& runtime, const WorkerOptions& options, Handlers handlers,
               std::shared_ptr<Workbench> bench, std::shared_ptr<SourceWatch> sources)
    : runtime_(runtime),
      retry_(options.retry),
      handlers_(std::move(handlers)),
      bench_(std::move(bench)),
      sources_(std::move(sources)),
      configurations_(runtime.store, options.configurations),
      random_(options.seed != 0 ? options.seed : random_seed()) {}

std::vector<std::string> Runner::kinds() const {
  std::vector<std::string> kinds;
  for (const auto& handler : handlers_) kinds.emplace_back(handler->kind());
  return kinds;
}

Outcome Runner::failed(const Attempt& attempt, model::FailureKind kind, std::string error) {
  int64_t wait_ms = 0;
  if (kind == model::FailureKind::transient) {
    const std::lock_guard lock(random_mutex_);
    wait_ms = backoff_ms(retry_, attempt.task.attempt, random_);
  }
  return store::TaskFailure{.task_id = attempt.task.id,
                            .job_id = attempt.task.job_id,
                            .epoch = attempt.task.epoch,
                            .kind = kind,
                            .error = std::move(error),
                            .retry_after_ms = wait_ms};
}

Outcome Runner::outcome_of(Attempt& attempt) {
  const model::ClaimedTask& task = attempt.task;
  std::shared_ptr<const JobConfiguration> configuration;
  try {
    configuration = configurations_.get(task.job_id);
  } catch (const core::Error& error) {
    // The store's fault is not the task's.
    if (error.kind() == core::ErrorKind::transient) return GiveBack{task};
    return failed(attempt, model::FailureKind::permanent, error.what());
  }
  for (const auto& handler : handlers_) {
    if (handler->kind() != task.kind) continue;
    try {
      store::TaskCompletion done = handler->run(TaskContext{task, configuration->text, attempt.stop.get_token()});
      done.task_id = task.id;
      done.job_id = task.job_id;
      done.epoch = task.epoch;
      done.datasource_id = task.datasource_id;
      return done;
    } catch (const core::Error& error) {
      return failed(attempt, failure_kind(error.kind()), error.what());
    } catch (const std::bad_alloc&) {
      return failed(attempt, model::FailureKind::transient, "out of memory");
    } catch (const std::exception&) {
      // Its text may hold anything.
      return failed(attempt, model::FailureKind::permanent,
                    "the handler of " + task.kind + " tasks failed unexpectedly");
    }
  }
  return failed(attempt, model::FailureKind::permanent, "this worker has no handler for " + task.kind + " tasks");
}

void Runner::run(const std::shared_ptr<Attempt>& attempt) {
  const int64_t begun = runtime_.clock.monotonic_ms();
  Outcome outcome = outcome_of(*attempt);
  std::string_view how = "completed";
  std::string error;
  if (const auto* failure = std::get_if<store::TaskFailure>(&outcome)) {
    how = failure->kind == model::FailureKind::transient ? "transient" : "permanent";
    error = failure->error;
  }
  // After a request to stop, what a handler returned may be only a part.
  switch (bench_->stop_reason(*attempt)) {
    case StopReason::none: break;
    case StopReason::deadline:
      outcome = failed(*attempt, model::FailureKind::transient, "the task ran past its deadline");
      how = "deadline";
      error = "the task ran past its deadline";
      break;
    default:
      outcome = GiveBack{attempt->task};
      how = "stopped";
      break;
  }
  if (!bench_->finish(attempt, std::move(outcome))) return;  // whose world may be gone
  if (how == "transient" || how == "deadline") sources_->failed(attempt->task.datasource_id);
  const std::string& kind = attempt->task.kind;
  runtime_.metrics
      .histogram("assay_task_seconds", "Time of attempts at tasks.", core::latency_bounds_s(), {{"kind", kind}})
      .observe(static_cast<double>(runtime_.clock.monotonic_ms() - begun) / 1000);
  tell(*attempt, kind, how, error);
}

void Runner::tell(const Attempt& attempt, const std::string& kind, std::string_view how, const std::string& error) {
  runtime_.metrics
      .counter("assay_attempts_total", "Attempts at tasks, by how they ended.", {{"kind", kind}, {"how", how}})
      .add();
  if (error.empty()) return;
  runtime_.log.warning("an attempt at a task failed", {{"job", attempt.task.job_id},
                                                       {"task", attempt.task.id},
                                                       {"kind", kind},
                                                       {"attempt", attempt.task.attempt},
                                                       {"how", how},
                                                       {"error", error}});
}

}  // namespace assay::coordinate
