#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Jobs and tasks: what runs (docs/state-machine.md).
namespace assay::model {

enum class JobStatus : uint8_t { queued, running, pausing, paused, cancelling, cancelled, completed, failed };
enum class TaskStatus : uint8_t { pending, ready, running, completed, failed, dead };

/// As the database spells them: "QUEUED", "READY", ...
std::string_view to_string(JobStatus status) noexcept;
std::string_view to_string(TaskStatus status) noexcept;
std::optional<JobStatus> job_status_from_string(std::string_view name) noexcept;
std::optional<TaskStatus> task_status_from_string(std::string_view name) noexcept;

/// What the user may ask of a job that exists; kept in jobs.master_pending_commands until its orchestrator obeys.
enum class JobCommand : uint8_t { pause, resume, cancel };
std::string_view to_string(JobCommand command) noexcept;
std::optional<JobCommand> job_command_from_string(std::string_view name) noexcept;

/// Whether another attempt may succeed.
enum class FailureKind : uint8_t { transient, permanent };

/// Of a PENDING task that is admitted when nothing else of its source is unfinished in the job.
inline constexpr int32_t last_priority = INT32_MAX;

/// A task before it has an id.
struct NewTask {
  std::string kind;
  int64_t datasource_id = 0;     ///< 0: none
  int64_t parent_task_id = 0;    ///< 0: none
  std::string work_packet;       ///< JSON; what the handler needs beyond the job's configuration
  int32_t priority = 0;          ///< within the job; lower runs first. last_priority: after all else of its source
  uint64_t items = 0;            ///< objects in the packet
  uint64_t bytes = 0;            ///< their size
  bool needs_admission = false;  ///< born PENDING, until budgets admit it; else born READY
};

/// A task that a worker holds. Its epoch is the fence: it changes whenever the task changes hands.
struct ClaimedTask {
  int64_t id = 0;
  int64_t job_id = 0;
  int64_t epoch = 0;
  std::string kind;
  int64_t datasource_id = 0;
  std::string work_packet;
  int32_t attempt = 0;    ///< 1 for the first
  std::string worker_id;  ///< who holds it
  bool isolated = false;  ///< a worker died with it: it runs alone
};

/// What a finished task hands to the pipeliner: items for tasks of `child_kind`, as a JSON array. Each element is an
/// object whose "bytes" tells its size.
struct TaskOutput {
  std::string child_kind;
  int64_t datasource_id = 0;
  uint64_t items = 0;
  uint64_t bytes = 0;
  std::string payload;
};

/// How a job advances; kept with every transaction that changes tasks, never counted anew.
struct ProgressDelta {
  uint64_t objects_discovered = 0, bytes_discovered = 0;
  uint64_t objects_done = 0, bytes_done = 0;
  uint64_t objects_skipped = 0, bytes_skipped = 0;  ///< unchanged since an earlier scan
  uint64_t objects_failed = 0, bytes_failed = 0;    ///< could not be read in full
  uint64_t findings = 0;
};

}  // namespace assay::model
