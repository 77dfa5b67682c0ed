#include "model/transitions.h"

namespace assay::model {
namespace {

struct TaskArrow {
  TaskStatus from, to;
};

constexpr TaskArrow arrow_of(TaskEvent event) noexcept {
  switch (event) {
    case TaskEvent::admit: return {TaskStatus::pending, TaskStatus::ready};
    case TaskEvent::claim: return {TaskStatus::ready, TaskStatus::running};
    case TaskEvent::complete: return {TaskStatus::running, TaskStatus::completed};
    case TaskEvent::fail: return {TaskStatus::running, TaskStatus::failed};
    case TaskEvent::give_up: return {TaskStatus::running, TaskStatus::dead};
    case TaskEvent::come_due: return {TaskStatus::failed, TaskStatus::ready};
    case TaskEvent::give_back:
    case TaskEvent::rescue: return {TaskStatus::running, TaskStatus::ready};
    case TaskEvent::retry: break;
  }
  return {TaskStatus::dead, TaskStatus::ready};
}

std::optional<JobStatus> when(bool possible, JobStatus target) noexcept {
  return possible ? std::optional(target) : std::nullopt;
}

}  // namespace

std::optional<JobStatus> next(JobStatus status, JobEvent event) noexcept {
  using enum JobStatus;
  switch (event) {
    case JobEvent::claim: return when(status == queued, running);
    case JobEvent::pause: return when(status == running, pausing);
    case JobEvent::resume: return when(status == pausing || status == paused, running);
    case JobEvent::cancel:
      if (status == queued) return cancelled;  // nobody holds it, so nothing has to end first
      return when(status == running || status == pausing || status == paused, cancelling);
    case JobEvent::drained:
      if (status == pausing) return paused;
      return when(status == cancelling, cancelled);
    case JobEvent::finish: return when(status == running, completed);
    case JobEvent::finish_with_dead: return when(status == running, failed);
    case JobEvent::fail: return when(!is_over(status), failed);
    case JobEvent::retry: return when(status == completed || status == failed, queued);
  }
  return std::nullopt;
}

std::optional<TaskStatus> next(TaskStatus status, TaskEvent event) noexcept {
  const TaskArrow arrow = arrow_of(event);
  return status == arrow.from ? std::optional(arrow.to) : std::nullopt;
}

TaskStatus source_of(TaskEvent event) noexcept { return arrow_of(event).from; }
TaskStatus target_of(TaskEvent event) noexcept { return arrow_of(event).to; }

JobEvent event_of(JobCommand command) noexcept {
  switch (command) {
    case JobCommand::pause: return JobEvent::pause;
    case JobCommand::resume: return JobEvent::resume;
    case JobCommand::cancel: break;
  }
  return JobEvent::cancel;
}

bool is_over(JobStatus status) noexcept {
  return status == JobStatus::cancelled || status == JobStatus::completed || status == JobStatus::failed;
}
bool is_active(JobStatus status) noexcept { return status != JobStatus::queued && !is_over(status); }
bool is_over(TaskStatus status) noexcept { return status == TaskStatus::completed || status == TaskStatus::dead; }

TaskEvent event_of_failure(FailureKind kind, int32_t attempt, int32_t max_attempts) noexcept {
  return kind == FailureKind::permanent || attempt >= max_attempts ? TaskEvent::give_up : TaskEvent::fail;
}

}  // namespace assay::model
