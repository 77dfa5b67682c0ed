#include "extract/sandbox/death.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstring>

#include "extract/sandbox/syscall_filter.h"

namespace assay::sandbox {
namespace {

using model::VerdictKind;

std::string name_of_signal(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

// An allocation that fails in a C library often ends in abort() or a null pointer. It is told from an ordinary crash by
// how much of its share the worker had used.
bool was_near_its_memory(const Death& death, const WorkerLimits& limits) {
  const uint64_t peak = death.exited->peak_rss_bytes;
  return peak > death.base_rss_bytes && peak - death.base_rss_bytes >= limits.memory_bytes / 10 * 8;
}

model::Verdict out_of_memory(const WorkerLimits& limits) {
  return {VerdictKind::oom, fmt::format("needed more than {} MiB of memory", limits.memory_bytes >> 20)};
}

model::Verdict verdict_of_signal(int number, const Death& death, const WorkerLimits& limits) {
  if (number == SIGSYS) return {VerdictKind::violation, "a system call that is never allowed"};
  const bool memory_may_be_why = number == SIGSEGV || number == SIGABRT || number == SIGBUS || number == SIGKILL;
  if (memory_may_be_why && was_near_its_memory(death, limits)) return out_of_memory(limits);
  return {VerdictKind::crash, name_of_signal(number)};
}

}  // namespace

model::Verdict verdict_of(const Death& death, const WorkerLimits& limits) {
  if (!death.exited) return {VerdictKind::crash, "the examiner was ended from outside"};
  const int status = static_cast<int>(death.exited->status);
  if (WIFSIGNALED(status)) return verdict_of_signal(WTERMSIG(status), death, limits);
  switch (WEXITSTATUS(status)) {
    case exit_out_of_memory: return out_of_memory(limits);
    case exit_violation: return {VerdictKind::violation, "system call " + name_of_system_call(death.violating_call)};
    case exit_channel_lost: return {VerdictKind::violation, "closed or disturbed its channel"};
    default: return {VerdictKind::crash, fmt::format("exited with status {}", WEXITSTATUS(status))};
  }
}

bool lost_its_channel(const Death& death) {
  if (death.went_on || !death.exited) return death.went_on;
  const int status = static_cast<int>(death.exited->status);
  return WIFEXITED(status) && WEXITSTATUS(status) == exit_channel_lost;
}

}  // namespace assay::sandbox
