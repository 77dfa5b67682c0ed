#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/work.h"

/// The state machines of jobs and tasks (docs/state-machine.md). Everything that changes or compares a status asks
/// here.
namespace assay::model {

inline constexpr std::array all_job_statuses = {JobStatus::queued,    JobStatus::running,    JobStatus::pausing,
                                                JobStatus::paused,    JobStatus::cancelling, JobStatus::cancelled,
                                                JobStatus::completed, JobStatus::failed};
inline constexpr std::array all_task_statuses = {TaskStatus::pending,   TaskStatus::ready,  TaskStatus::running,
                                                 TaskStatus::completed, TaskStatus::failed, TaskStatus::dead};

enum class JobEvent : uint8_t {
  claim,             ///< an orchestrator takes a job that waits
  pause,             ///< the user's wish
  resume,            ///< the user's wish
  cancel,            ///< the user's wish
  drained,           ///< no task runs any more
  finish,            ///< every task is completed, no output waits
  finish_with_dead,  ///< the same, but tasks are dead
  fail,              ///< the job itself cannot go on
  retry,             ///< dead tasks are to be tried again
};
inline constexpr std::array all_job_events = {
    JobEvent::claim,   JobEvent::pause,  JobEvent::resume,           JobEvent::cancel,
    JobEvent::drained, JobEvent::finish, JobEvent::finish_with_dead, JobEvent::fail,
    JobEvent::retry};

enum class TaskEvent : uint8_t {
  admit,      ///< budgets allow it
  claim,      ///< a worker takes it
  complete,   ///< its work is recorded
  fail,       ///< the attempt failed and another may succeed later
  give_up,    ///< the attempt failed and no other is left, or none could succeed
  come_due,   ///< the wait after a failure is over
  give_back,  ///< claimed, not begun
  rescue,     ///< its worker died
  retry,      ///< by hand, after it was dead
};
inline constexpr std::array all_task_events = {TaskEvent::admit,     TaskEvent::claim,   TaskEvent::complete,
                                               TaskEvent::fail,      TaskEvent::give_up, TaskEvent::come_due,
                                               TaskEvent::give_back, TaskEvent::rescue,  TaskEvent::retry};

/// The status after the event; nullopt where the event cannot happen.
std::optional<JobStatus> next(JobStatus status, JobEvent event) noexcept;
std::optional<TaskStatus> next(TaskStatus status, TaskEvent event) noexcept;

/// Every event of a task has one status that it starts from and one that it leads to.
TaskStatus source_of(TaskEvent event) noexcept;
TaskStatus target_of(TaskEvent event) noexcept;

JobEvent event_of(JobCommand command) noexcept;

/// Nothing happens to the job any more, unless its dead tasks are tried again.
bool is_over(JobStatus status) noexcept;
/// An orchestrator holds it, or should.
bool is_active(JobStatus status) noexcept;
/// The task needs no more work: completed or dead.
bool is_over(TaskStatus status) noexcept;

/// What becomes of an attempt that failed: `attempt` is the number of this attempt, from 1.
TaskEvent event_of_failure(FailureKind kind, int32_t attempt, int32_t max_attempts) noexcept;

}  // namespace assay::model
