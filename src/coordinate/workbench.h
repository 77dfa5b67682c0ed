#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "coordinate/token_bucket.h"
#include "coordinate/worker_options.h"
#include "core/clock.h"
#include "model/work.h"
#include "store/store.h"

namespace assay::coordinate {

/// Why a running attempt was asked to stop.
enum class StopReason : uint8_t { none, deadline, job_ended, worker_stops, lost };

/// One attempt at a task. What is not const belongs to the workbench's lock.
struct Attempt {
  const model::ClaimedTask task;
  const uint64_t incarnation;
  const int64_t begun_ms;  ///< monotonic
  std::stop_source stop;
  StopReason reason = StopReason::none;
  int64_t stop_asked_ms = 0;
  bool is_abandoned = false;
};

/// READY again without charge.
struct GiveBack {
  model::ClaimedTask task;
};
using Outcome = std::variant<store::TaskCompletion, store::TaskFailure, GiveBack>;

/// Outcomes to be recorded together.
struct OutcomeBatch {
  uint64_t incarnation = 0;
  std::vector<store::TaskCompletion> completions;
  std::vector<store::TaskFailure> failures;
  std::vector<model::ClaimedTask> give_backs;
  size_t size() const noexcept { return completions.size() + failures.size() + give_backs.size(); }
};

/// What a worker has in hand, between its claimer, its slots and its recorder: tasks claimed and not begun, attempts
/// that run, outcomes not yet recorded; all bounded. And its fence: nothing of it is worked on or written after the
/// moment, on this process's own clock, until which the heartbeat surely holds. Thread-safe; never calls the store.
class Workbench {
 public:
  Workbench(const WorkerOptions& options, const core::Clock& clock);

  // -- identity and fence
  void enlist(std::string worker_id, int64_t held_until_ms);
  /// The heartbeat of that incarnation holds until then.
  void renewed(uint64_t incarnation, int64_t held_until_ms);
  /// Everything in hand belongs to others now: attempts are asked to stop, the rest is dropped. How many tasks those
  /// were, without those that are being recorded; nothing when it was fenced already.
  std::optional<size_t> fence();
  bool is_fenced() const;
  /// The store may have given this incarnation tasks that it does not know of: it claims nothing more, and is to be
  /// replaced by another when what it has in hand is recorded, or after a minute.
  void doubt(uint64_t incarnation);
  bool is_to_be_replaced() const;
  struct Identity {
    std::string worker_id;
    uint64_t incarnation = 0;  ///< 0: never enlisted
    bool is_live = false;      ///< enlisted, and the fence is ahead
  };
  Identity identity() const;

  // -- claiming
  struct Appetite {
    size_t most = 0;       ///< tasks to claim; 0: enough in hand
    bool is_idle = false;  ///< nothing in hand at all
  };
  Appetite appetite() const;
  /// Of a task that is in hand already the older claim is lost: somebody took it away meanwhile.
  void put(uint64_t incarnation, std::vector<model::ClaimedTask> tasks);
  std::function<void()> on_hungry;   ///< few tasks are left; set before anything runs
  std::function<void()> on_outcome;  ///< outcomes are due to be recorded

  // -- running
  /// The next task to run now, or none.
  std::shared_ptr<Attempt> try_begin();
  /// The same, and waits for one until asked to stop.
  std::shared_ptr<Attempt> begin(const std::stop_token& stop);
  StopReason stop_reason(const Attempt& attempt) const;
  /// False: the attempt was lost or abandoned; its outcome is dropped.
  bool finish(const std::shared_ptr<Attempt>& attempt, Outcome outcome);

  // -- recording
  /// What is to be recorded now, and how long until there is, in milliseconds.
  OutcomeBatch take_outcomes(bool at_once, int64_t& wait_ms);
  /// So many outcomes of a batch are settled.
  void recorded(size_t count);

  // -- watching
  std::vector<int64_t> jobs_in_hand(size_t most) const;
  /// Claimed tasks of the job go back; with `running`, attempts are asked to stop too.
  void job_stops(int64_t job_id, bool running);
  /// Asks attempts to stop that ran past their deadline.
  void enforce_deadlines();
  /// Gives up attempts that did not stop in time: how many.
  size_t abandon_hung(int64_t grace_ms);
  size_t abandoned() const;
  bool was_abandoned(const Attempt& attempt) const;

  // -- ending
  /// Begins nothing more; what was not begun goes back.
  void drain();
  void stop_all(StopReason reason);
  bool wait_until_nothing_runs(int64_t timeout_ms);
  bool is_draining() const;
  struct Counts {
    size_t queued = 0, running = 0, unrecorded = 0, abandoned = 0;
  };
  Counts counts() const;

 private:
  bool is_live_locked() const;
  bool may_begin_locked() const;
  bool is_idle_locked() const;
  void push_locked(Outcome outcome);
  void forget_older_locked(const std::vector<model::ClaimedTask>& claimed);
  void give_back_locked(const std::function<bool(const model::ClaimedTask&)>& which);
  void ask_to_stop_locked(Attempt& attempt, StopReason reason);
  int64_t deadline_ms(const std::string& kind) const;
  size_t wanted_locked() const;

  const WorkerOptions& options_;
  const core::Clock& clock_;
  unsigned slots_;
  mutable std::mutex mutex_;
  std::condition_variable_any work_;
  std::condition_variable_any quiet_;

  std::string worker_id_;
  uint64_t incarnation_ = 0;
  int64_t held_until_ms_ = 0;
  bool is_fenced_ = true;
  bool is_draining_ = false;
  int64_t doubted_ms_ = 0;  // since when; 0: not

  std::deque<model::ClaimedTask> queued_;
  bool hunger_told_ = false;                    // since tasks came last
  std::set<std::shared_ptr<Attempt>> running_;  // of this incarnation and of lost ones that have not returned
  bool alone_ = false;                          // what runs is isolated
  struct Waiting {
    Outcome outcome;
    int64_t since_ms = 0;
    size_t weight = 0;
  };
  std::deque<Waiting> outcomes_;
  size_t outcomes_weight_ = 0;
  size_t in_recording_ = 0;
  size_t abandoned_ = 0;
  double task_ms_ = 10;  // how long attempts took lately
  TokenBucket bytes_;
};

}  // namespace assay::coordinate
