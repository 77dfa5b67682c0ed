#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "extract/sandbox/death.h"
#include "extract/sandbox/pool.h"
#include "extract/sandbox/watchdog.h"
#include "extract/sandbox/work_queue.h"
#include "extract/sandbox/worker_process.h"

namespace assay::sandbox {

/// What the slots of one pool share.
struct PoolParts {
  const PoolOptions& options;
  FrameHandler& handler;
  WorkQueue& queue;
  ZygoteKeeper& keeper;
  int stop_event;  ///< readable once the pool stops
  std::function<void(const HelloBody&)> on_hello;
};

/// One thread's share of the pool: keeps one worker, feeds it, hears it, judges it, replaces it.
class Slot {
 public:
  explicit Slot(const PoolParts& parts);

  /// Until the queue ends. Throws core::Error when no worker can be had any more, and what the handler throws.
  void run();

 private:
  struct Outstanding {
    uint64_t sequence = 0;
    Job job;
    uint64_t output_bytes = 0;
    bool heard = false;  ///< frames of it were handed on, so it must not be examined twice
  };

  void ensure_worker();
  void retire_worker();
  /// Objects that the worker may still be given at once.
  size_t room() const;
  void top_up(bool wait);
  bool send(std::vector<Job>& jobs);
  void hear();
  bool is_held() const;
  bool receive_all(size_t most_messages);
  void take_message(std::string_view message);
  void take_frame(const FrameHeader& header, std::string_view payload);
  void take_done(const FrameHeader& header, std::string_view payload);
  void look_after_worker();
  void give_back_what_waits();
  void end_worker(std::optional<model::Verdict> verdict);
  void settle(const model::Verdict& verdict, const Death& death, WorkerProcess::Fate fate);
  void finish(Outstanding& outstanding, const Outcome& outcome);

  PoolParts parts_;
  Watchdog watchdog_;
  std::unique_ptr<WorkerProcess> worker_;
  std::deque<Outstanding> outstanding_;
  std::vector<char> buffer_;
  std::vector<char> batch_;
  uint64_t last_sequence_ = 0;
  unsigned deaths_in_a_row_ = 0;  ///< of workers that never finished an object
  bool greeted_ = false;
  uint64_t finished_ = 0;    ///< objects the worker has done
  bool is_shaken_ = false;   ///< an exception passed through the worker: it gets nothing more
  bool holds_back_ = false;  ///< nothing may wait behind the object in work: it is slow, or a worker died of it before
  std::optional<model::Verdict> offence_;  ///< the worker broke the protocol
};

}  // namespace assay::sandbox
