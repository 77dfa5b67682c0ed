#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinate/loop.h"
#include "coordinate/orchestration.h"

namespace assay::coordinate {

/// Takes jobs that wait for an orchestrator, and admits PENDING tasks as the budgets of their datasource and of the
/// node group allow.
///
/// What a job uses of a datasource is one holder at the resource coordinator, "job/<id>/datasource/<id>", whose amount
/// follows how many of its tasks are admitted and not over; the counters of the job's progress tell that. So nothing
/// has to be given back task by task, and an orchestrator that takes a job over goes on with the same holder. Bytes a
/// second are a lease of the task's size that lasts as long as the budget takes to earn it: a token bucket of one
/// second's depth. A datasource whose circuit breaker is open gets no tasks; one that is half open gets one.
///
/// A job is looked at when its counters changed, which the monitor tells. One that waits for what others use is tried
/// again from time to time; since a datasource that had nothing for one job has nothing for the next, that takes a
/// statement or two for each datasource, not for each job.
class Assigner : public Loop {
 public:
  explicit Assigner(Orchestration& shared);
  std::string_view name() const override { return "assigner"; }
  int64_t turn() override;
  void on_poke() override { poked_ = true; }

 private:
  struct Share {  ///< of one datasource, within a job
    std::string holder;
    uint64_t outstanding = 0;  ///< admitted and not over
    bool is_quiet = false;     ///< a task of last_priority is all that is left
    uint64_t may_admit = 0;
    bool is_bounded = false;
    bool is_held_up = false;  ///< there is more to admit, and a budget or a breaker says no
  };
  using Shares = std::map<int64_t, Share>;

  bool claim();
  size_t admit(const HeldJob& job);
  size_t try_again_those_who_wait();
  bool is_in_vain(const std::set<int64_t>& datasources);
  void remember_wait(const HeldJob& job, const Shares& shares);
  Shares shares_of(const HeldJob& job, bool& has_pending);
  void reserve(Share& share, int64_t datasource_id, uint64_t wanted);
  bool take_bytes(const HeldJob& job, int64_t datasource_id, uint64_t bytes);
  std::vector<int64_t> choose(const HeldJob& job, Shares& shares);
  void settle(const HeldJob& job, const Shares& shares);
  void renew_holders();
  bool forget_jobs_not_held();

  Orchestration& shared_;
  core::Counter &claimed_, &admitted_;
  Random random_;
  Pace pace_;
  std::atomic<bool> poked_{true};
  int64_t next_claim_ms_ = 0, last_claim_ms_ = 0, next_renewal_ms_ = 0, last_try_ms_ = 0, next_try_ms_ = 0;
  uint64_t byte_leases_ = 0;
  std::map<int64_t, std::map<int64_t, std::string>> holders_;  // by job and datasource; only of held jobs
  /// By job, which datasources it waits for; for none in particular when it is to be looked at in any case. Of held
  /// jobs.
  std::map<int64_t, std::set<int64_t>> waiting_;
  std::set<int64_t> exhausted_;   // datasources that had nothing for a job, in this turn
  bool bytes_are_short_ = false;  // in this turn; they are earned as time goes by
  bool breaker_is_open_ = false;  // in this turn; it closes as time goes by
  bool looks_further_ = false;    // in this turn a job had more tasks than were looked at, and the next turn sees more
  std::map<int64_t, size_t> look_ahead_;  // by job: how many PENDING tasks to look at; more when all were held up
};

}  // namespace assay::coordinate
