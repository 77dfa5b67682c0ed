#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "core/error.h"
#include "extract/sandbox/pool.h"

namespace assay::sandbox {

/// Starts the helper, hands it its set-up, and starts it again when it dies. Thread-safe.
class ZygoteKeeper {
 public:
  /// Returns once the helper is ready. Throws as Pool's constructor does.
  explicit ZygoteKeeper(const PoolOptions& options);
  ~ZygoteKeeper();  ///< stop()

  /// Asks the helper for a worker that gets these four descriptors (channel, page, scratch, report); they may be
  /// closed after the call. Waits while the helper is being started again. Throws core::Error when it will not be.
  void request_worker(std::span<const int, 4> descriptors);

  /// Ends the helper and waits for it; its workers end with it. Idempotent. Calls that wait throw.
  void stop();

 private:
  enum class State { starting, ready, failed, stopped };

  void keep();
  void launch();
  pid_t fork_helper(int their_end) const;
  void hand_over_setup(int control) const;
  void await_ready(int control) const;
  void reap(int control);
  void enter(State state);

  const PoolOptions& options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::starting;
  core::Error failure_{core::ErrorKind::bug, ""};
  uint64_t generation_ = 0;
  std::shared_ptr<core::Fd> control_;
  core::Fd stop_event_;
  pid_t pid_ = -1;
  std::thread thread_;  // the helper's parent-death signal follows this thread, so it lives as long as the helper
};

}  // namespace assay::sandbox
