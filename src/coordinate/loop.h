#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "coordinate/backoff.h"
#include "coordinate/runtime.h"

namespace assay::coordinate {

/// Work that comes back, in turns: a turn does a bounded piece and says when it wants the next. Threads run loops in
/// production (LoopThread); a simulator runs them one at a time under a clock of its own. A turn holds no lock while it
/// speaks to the store.
class Loop {
 public:
  virtual ~Loop() = default;
  virtual std::string_view name() const = 0;
  /// The milliseconds until it wants its next turn; 0: at once. May throw core::Error, which ends the turn.
  virtual int64_t turn() = 0;
  /// Somebody said that there may be work; the next turn comes at once. From any thread.
  virtual void on_poke() {}
};

/// Runs turns so that none ends the loop: an error is written to the log (the 1st, 2nd, 4th, 8th ... in a row) and the
/// next turn comes after a backoff.
class GuardedLoop {
 public:
  GuardedLoop(Loop& loop, const Runtime& runtime, uint64_t seed);
  /// As Loop::turn(), and throws nothing that is a std::exception.
  int64_t turn();
  void on_poke() { loop_.on_poke(); }
  std::string_view name() const { return loop_.name(); }

 private:
  int64_t failed(std::string_view what);

  Loop& loop_;
  core::Log log_;
  core::Counter& failures_;
  Random random_;
  int64_t failures_in_a_row_ = 0;
};

/// Runs one loop in a thread of its own from start() to stop(). The loop must outlive it.
class LoopThread {
 public:
  LoopThread(Loop& loop, const Runtime& runtime, uint64_t seed) : loop_(loop, runtime, seed) {}
  ~LoopThread() { stop(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  void start();
  /// Waits for the turn in work. Does nothing when it does not run.
  void stop();
  /// Ends the wait for the next turn. From any thread, whether it runs or not.
  void poke();
  /// The same without telling the loop, which then sees no reason to look further than usual.
  void poke_quietly();

 private:
  void run(const std::stop_token& stop);

  GuardedLoop loop_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool poked_ = false;
  std::jthread thread_;
};

/// Calls `on_change` soon after the store says that something changed that `who` waits for; from a thread of its own,
/// from start() to stop(). Survives a store that does not answer.
class ChangeListener {
 public:
  ChangeListener(const Runtime& runtime, std::string who, std::function<void()> on_change);
  ~ChangeListener() { stop(); }
  ChangeListener(const ChangeListener&) = delete;
  ChangeListener& operator=(const ChangeListener&) = delete;

  void start();
  void stop();

 private:
  void run(const std::stop_token& stop);
  void pause(const std::stop_token& stop, int64_t ms);

  Runtime runtime_;
  std::string who_;
  std::function<void()> on_change_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace assay::coordinate
