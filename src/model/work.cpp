#include "model/work.h"

#include <array>

namespace assay::model {
namespace {

constexpr std::array<std::string_view, 8> job_statuses = {"QUEUED",     "RUNNING",   "PAUSING",   "PAUSED",
                                                          "CANCELLING", "CANCELLED", "COMPLETED", "FAILED"};
constexpr std::array<std::string_view, 6> task_statuses = {"PENDING",   "READY",  "RUNNING",
                                                           "COMPLETED", "FAILED", "DEAD"};
constexpr std::array<std::string_view, 3> job_commands = {"PAUSE", "RESUME", "CANCEL"};

template <typename Enum, size_t count>
std::optional<Enum> find(const std::array<std::string_view, count>& names, std::string_view name) noexcept {
  for (size_t i = 0; i < count; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(JobStatus status) noexcept { return job_statuses[static_cast<size_t>(status)]; }
std::string_view to_string(TaskStatus status) noexcept { return task_statuses[static_cast<size_t>(status)]; }
std::string_view to_string(JobCommand command) noexcept { return job_commands[static_cast<size_t>(command)]; }

std::optional<JobStatus> job_status_from_string(std::string_view name) noexcept {
  return find<JobStatus>(job_statuses, name);
}
std::optional<TaskStatus> task_status_from_string(std::string_view name) noexcept {
  return find<TaskStatus>(task_statuses, name);
}
std::optional<JobCommand> job_command_from_string(std::string_view name) noexcept {
  return find<JobCommand>(job_commands, name);
}

}  // namespace assay::model
