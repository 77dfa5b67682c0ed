#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace assay::sandbox {

/// The system calls a worker may make: an allow-list. Calls that libraries make out of habit (open, stat, ioctl)
/// return an error so that they degrade; anything that reaches for the world (socket, exec, fork, signals to others)
/// ends the process. Built once in the zygote, because compiling it costs more than a fork, and installed by each
/// worker.
class SyscallFilter {
 public:
  /// Throws core::Error when libseccomp cannot build it.
  static SyscallFilter build();

  /// Binds the filter to this process, for good. `own_pid` is the one process that may be signalled (abort does).
  /// Calls that are refused raise SIGSYS. False when the kernel refused.
  bool install(pid_t own_pid) const;

 private:
  std::vector<sock_filter> program_;
};

/// "socket" for the number of that call on this machine; "number 999" when nobody knows it.
std::string name_of_system_call(int64_t number);

}  // namespace assay::sandbox
