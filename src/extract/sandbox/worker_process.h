#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/fd.h"
#include "extract/sandbox/shared_page.h"
#include "extract/sandbox/wire.h"
#include "extract/sandbox/zygote_keeper.h"

namespace assay::sandbox {

/// A file without a name, for one worker only: a killed worker may still be writing to its own. In `directory`; when
/// that is empty, in $TMPDIR, else in /var/tmp. Throws core::Error(transient) that says what to do.
core::Fd make_scratch(const std::string& directory);

/// The parent's handle of one worker. Killed when destroyed. Not thread-safe.
class WorkerProcess {
 public:
  /// Throws core::Error when no worker can be had any more.
  WorkerProcess(ZygoteKeeper& keeper, const std::string& scratch_directory);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// False when the helper died instead of forking it: to be thrown away and made anew.
  bool lives() const noexcept { return pid_ > 0; }
  int channel() const noexcept { return channel_.get(); }
  SharedPage& page() noexcept { return *page_; }

  void kill() noexcept;

  /// CPU time of the process so far; nullopt when it is gone.
  std::optional<uint64_t> cpu_ns() const noexcept;

  enum class Fate {
    ended,    ///< exited() tells how
    running,  ///< still, after the time that was given
    unknown,  ///< the helper died before it could tell
  };
  /// Waits until the process has ended.
  Fate wait_exit(int timeout_ms);
  const Exited& exited() const noexcept { return exited_; }

 private:
  template <typename T>
  ReceiveStatus receive_report(T& message, int timeout_ms, std::vector<core::Fd>* descriptors);

  SharedPage* page_ = nullptr;
  core::Fd channel_;
  core::Fd report_;
  core::Fd handle_;  ///< pidfd: it cannot hit another process that got the same number
  pid_t pid_ = -1;
  Exited exited_{};
};

}  // namespace assay::sandbox
