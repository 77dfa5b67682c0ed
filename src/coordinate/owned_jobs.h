#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/clock.h"
#include "store/store.h"

namespace assay::coordinate {

/// A job that this orchestrator holds, without its configuration, which orchestrators do not read.
struct HeldJob {
  int64_t id = 0;
  int64_t version = 0;                                 ///< the fence: every write names it
  model::JobStatus status = model::JobStatus::queued;  ///< as last known
  std::string kind, correlation_id;
  int64_t held_until_ms = 0;  ///< on this process's monotonic clock
  bool holds_budget = false;  ///< its tasks use some, which follows its counters
};

/// Who has to look at a job. `digest`: what it needs is not known, because it came into these hands, or because whoever
/// looked did not get to the end of it; the monitor asks.
enum class Need : uint8_t { command, monitor, pipeliner, assigner, digest };
inline constexpr size_t need_count = 5;

/// The jobs an orchestrator holds and what there is to do for them, shared by its five loops. Thread-safe. A job is
/// only given out while its lease cannot have ended: each is measured from before it was asked for, on this process's
/// own clock. Memory grows with the number of jobs, which claims bound.
class OwnedJobs {
 public:
  explicit OwnedJobs(const core::Clock& clock) : clock_(clock) {}

  /// Called when a need is noted, without a lock; set before any loop runs.
  void on_need(std::function<void(Need)> call) { on_need_ = std::move(call); }

  void adopt(const std::vector<store::OwnedJob>& jobs, int64_t held_until_ms);
  /// Ids and versions of all, in the order of ids, for a renewal.
  struct Fences {
    std::vector<int64_t> ids, versions;
  };
  Fences fences() const;
  /// After a renewal of `asked`: those in `renewed` are held until then, the others are lost. How many were lost. What
  /// was not given out meanwhile, because its lease might have ended, is asked about again.
  size_t settle_renewal(const Fences& asked, std::span<const int64_t> renewed, int64_t held_until_ms);

  std::optional<HeldJob> find(int64_t id) const;
  bool holds(const HeldJob& job) const;
  void set_status(int64_t id, int64_t version, model::JobStatus status);
  void set_holds_budget(int64_t id, int64_t version, bool holds_budget);
  /// Remembers how often the job's counters have changed. Whether that is news.
  bool saw_changes(int64_t id, int64_t changes);
  /// Over, or fenced off: not touched any more.
  void drop(int64_t id, int64_t version);
  void drop_all();
  size_t size() const;

  /// One job after another, each once however often it was noted. False: it was noted already.
  bool note(Need need, int64_t job_id);
  /// The same from the loop that will look itself: nobody is told.
  bool note_quietly(Need need, int64_t job_id);
  std::optional<HeldJob> next(Need need);
  /// The ids of all that are noted, which are noted no more.
  std::vector<int64_t> take_all(Need need);
  size_t waiting(Need need) const;

 private:
  struct Worklist {
    std::deque<int64_t> order;
    std::unordered_set<int64_t> known;
  };
  Worklist& list(Need need) { return lists_[static_cast<size_t>(need)]; }
  std::optional<HeldJob> find_locked(int64_t id) const;
  bool note_locked(Need need, int64_t job_id);

  const core::Clock& clock_;
  std::function<void(Need)> on_need_;
  mutable std::mutex mutex_;
  std::map<int64_t, HeldJob> jobs_;
  std::unordered_map<int64_t, int64_t> seen_changes_;  // of jobs in jobs_
  std::array<Worklist, need_count> lists_;
};

/// The "correlation_id" of a job's configuration; "" without one.
std::string correlation_id_of(std::string_view configuration);

}  // namespace assay::coordinate
