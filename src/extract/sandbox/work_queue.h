#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/fd.h"

namespace assay::sandbox {

/// One object on its way through the pool.
struct Job {
  uint64_t id = 0;
  std::string request;
  core::Fd object;
  unsigned attempts = 0;                               ///< workers that died while it was with them
  std::shared_ptr<const std::atomic<bool>> is_held{};  ///< as Submission::is_held
};

/// The bounded queue between submit() and the slots, and the count of what is not done yet. Thread-safe.
class WorkQueue {
 public:
  WorkQueue(size_t capacity, unsigned takers) : capacity_(capacity), takers_(takers) {}

  /// Blocks while the queue is full, then takes all of them, so that workers get them in batches. Throws what fail()
  /// was given, or core::Error(transient) once stopped.
  void push(std::vector<Job> jobs);

  /// Puts jobs back at the front, whatever the bound: they were counted already.
  void put_back(std::vector<Job> jobs);

  /// A fair share of what waits, at most `most`; empty once stopped or failed. An idle taker waits while there is
  /// nothing. A job that was with a dying worker before is given out alone, and to an idle taker only: should it have
  /// been the cause, it is seen, and takes nobody with it.
  std::vector<Job> take(size_t most, bool idle);

  void done(size_t count);
  void wait_until_all_done();

  void fail(const core::Error& error);
  void stop();
  bool ended() const;

 private:
  void throw_if_ended() const;

  const size_t capacity_;
  const unsigned takers_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable emptied_;
  std::condition_variable all_done_;
  std::deque<Job> jobs_;
  uint64_t open_ = 0;  ///< pushed and not done
  unsigned waiting_takers_ = 0;
  unsigned waiting_pushers_ = 0;
  bool stopped_ = false;
  std::optional<core::Error> failure_;
};

}  // namespace assay::sandbox
