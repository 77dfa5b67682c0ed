#pragma once

#include <sys/types.h>

#include <cstdint>

#include "extract/sandbox/shared_page.h"
#include "extract/sandbox/syscall_filter.h"

namespace assay::sandbox {

struct LockdownOptions {
  uint64_t memory_bytes = 0;   ///< private memory the worker may add to what the zygote had
  uint64_t scratch_bytes = 0;  ///< largest size of the scratch file
  pid_t zygote_pid = 0;        ///< whose death ends the worker
  int landlock_abi = 0;        ///< 0: no Landlock
  const SyscallFilter* filter = nullptr;
  SharedPage* page = nullptr;  ///< takes the number of a refused system call
};

/// Takes from this process everything that reading documents does not need: memory, files, processes, privileges, the
/// file system, the network, system calls. Returns the layers that stand (bits of Layer); there is no way back.
/// Ends the process when the zygote is gone already.
uint32_t lock_down(const LockdownOptions& options);

/// Private writable and resident bytes of this process, from /proc/self/statm; zeros when that cannot be read.
struct MemoryUse {
  uint64_t total_bytes = 0;
  uint64_t resident_bytes = 0;
  uint64_t private_bytes = 0;
};
MemoryUse memory_use();

}  // namespace assay::sandbox
