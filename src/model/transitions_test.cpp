#include "model/transitions.h"

#include <gtest/gtest.h>

#include <map>

namespace assay::model {
namespace {

// The arrows of docs/state-machine.md, written out; every pair that is not here must be refused.
const std::map<std::pair<JobStatus, JobEvent>, JobStatus> job_arrows = {
    {{JobStatus::queued, JobEvent::claim}, JobStatus::running},
    {{JobStatus::queued, JobEvent::cancel}, JobStatus::cancelled},
    {{JobStatus::queued, JobEvent::fail}, JobStatus::failed},
    {{JobStatus::running, JobEvent::pause}, JobStatus::pausing},
    {{JobStatus::running, JobEvent::cancel}, JobStatus::cancelling},
    {{JobStatus::running, JobEvent::finish}, JobStatus::completed},
    {{JobStatus::running, JobEvent::finish_with_dead}, JobStatus::failed},
    {{JobStatus::running, JobEvent::fail}, JobStatus::failed},
    {{JobStatus::pausing, JobEvent::drained}, JobStatus::paused},
    {{JobStatus::pausing, JobEvent::resume}, JobStatus::running},
    {{JobStatus::pausing, JobEvent::cancel}, JobStatus::cancelling},
    {{JobStatus::pausing, JobEvent::fail}, JobStatus::failed},
    {{JobStatus::paused, JobEvent::resume}, JobStatus::running},
    {{JobStatus::paused, JobEvent::cancel}, JobStatus::cancelling},
    {{JobStatus::paused, JobEvent::fail}, JobStatus::failed},
    {{JobStatus::cancelling, JobEvent::drained}, JobStatus::cancelled},
    {{JobStatus::cancelling, JobEvent::fail}, JobStatus::failed},
    {{JobStatus::completed, JobEvent::retry}, JobStatus::queued},
    {{JobStatus::failed, JobEvent::retry}, JobStatus::queued},
};

const std::map<std::pair<TaskStatus, TaskEvent>, TaskStatus> task_arrows = {
    {{TaskStatus::pending, TaskEvent::admit}, TaskStatus::ready},
    {{TaskStatus::ready, TaskEvent::claim}, TaskStatus::running},
    {{TaskStatus::running, TaskEvent::complete}, TaskStatus::completed},
    {{TaskStatus::running, TaskEvent::fail}, TaskStatus::failed},
    {{TaskStatus::running, TaskEvent::give_up}, TaskStatus::dead},
    {{TaskStatus::running, TaskEvent::give_back}, TaskStatus::ready},
    {{TaskStatus::running, TaskEvent::rescue}, TaskStatus::ready},
    {{TaskStatus::failed, TaskEvent::come_due}, TaskStatus::ready},
    {{TaskStatus::dead, TaskEvent::retry}, TaskStatus::ready},
};

TEST(Transitions, EveryPairOfJobStatusAndEventIsAsWritten) {
  for (const JobStatus status : all_job_statuses)
    for (const JobEvent event : all_job_events) {
      const auto arrow = job_arrows.find({status, event});
      const auto expected = arrow == job_arrows.end() ? std::nullopt : std::optional(arrow->second);
      EXPECT_EQ(next(status, event), expected) << to_string(status) << " on event " << static_cast<int>(event);
    }
}

TEST(Transitions, EveryPairOfTaskStatusAndEventIsAsWritten) {
  for (const TaskStatus status : all_task_statuses)
    for (const TaskEvent event : all_task_events) {
      const auto arrow = task_arrows.find({status, event});
      const auto expected = arrow == task_arrows.end() ? std::nullopt : std::optional(arrow->second);
      EXPECT_EQ(next(status, event), expected) << to_string(status) << " on event " << static_cast<int>(event);
    }
}

TEST(Transitions, SourceAndTargetOfATasksEventAreItsOnlyArrow) {
  for (const TaskEvent event : all_task_events) EXPECT_EQ(next(source_of(event), event), target_of(event));
}

TEST(Transitions, AJobIsWaitingActiveOrOver) {
  for (const JobStatus status : all_job_statuses) {
    const int kinds = int{status == JobStatus::queued} + int{is_active(status)} + int{is_over(status)};
    EXPECT_EQ(kinds, 1) << to_string(status);
  }
  EXPECT_TRUE(is_over(TaskStatus::completed));
  EXPECT_TRUE(is_over(TaskStatus::dead));
  EXPECT_FALSE(is_over(TaskStatus::failed));
}

TEST(Transitions, AttemptsRunOut) {
  EXPECT_EQ(event_of_failure(FailureKind::transient, 1, 3), TaskEvent::fail);
  EXPECT_EQ(event_of_failure(FailureKind::transient, 2, 3), TaskEvent::fail);
  EXPECT_EQ(event_of_failure(FailureKind::transient, 3, 3), TaskEvent::give_up);
  EXPECT_EQ(event_of_failure(FailureKind::permanent, 1, 3), TaskEvent::give_up);
}

TEST(Transitions, NamesComeBack) {
  for (const JobStatus status : all_job_statuses) EXPECT_EQ(job_status_from_string(to_string(status)), status);
  for (const TaskStatus status : all_task_statuses) EXPECT_EQ(task_status_from_string(to_string(status)), status);
  for (const JobCommand command : {JobCommand::pause, JobCommand::resume, JobCommand::cancel})
    EXPECT_EQ(job_command_from_string(to_string(command)), command);
  EXPECT_EQ(job_status_from_string("ready"), std::nullopt);
  EXPECT_EQ(task_status_from_string(""), std::nullopt);
  EXPECT_EQ(job_command_from_string("STOP"), std::nullopt);
}

}  // namespace
}  // namespace assay::model
