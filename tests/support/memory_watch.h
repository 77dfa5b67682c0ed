#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace assay::tests {

/// Watches, while it lives, how much memory this process and the examiners below it ever had resident.
class MemoryWatch {
 public:
  MemoryWatch();
  ~MemoryWatch();

  uint64_t peak_of_examiners() const { return examiners_; }  ///< bytes, of the largest one
  uint64_t peak_of_self() const;                             ///< bytes, since the watch began

 private:
  void watch();

  std::atomic<uint64_t> examiners_{0};
  std::atomic<bool> end_{false};
  std::thread thread_;
};

/// VmHWM of a process in bytes; 0 when it is gone.
uint64_t peak_resident(pid_t pid);

}  // namespace assay::tests
