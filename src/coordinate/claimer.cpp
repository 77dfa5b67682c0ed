#include "coordinate/claimer.h"

#include <algorithm>
#include <utility>

#include "sql/error.h"

namespace assay::coordinate {
namespace {

constexpr int64_t full_hands_ms = 50;  // the bench tells when few tasks are left
constexpr int64_t most_patience_ms = 3'600'000;

}  // namespace

Claimer::Claimer(const Runtime& runtime, const WorkerOptions& options, std::vector<std::string> kinds, Workbench& bench)
    : runtime_(runtime),
      options_(options),
      kinds_(std::move(kinds)),
      bench_(bench),
      claimed_(runtime.metrics.counter("assay_tasks_claimed_total", "Tasks that this worker claimed.")),
      claim_s_(runtime.metrics.histogram("assay_claim_seconds", "Time of one claim of a batch of tasks.",
                                         core::latency_bounds_s())),
      random_(options.seed != 0 ? options.seed + 1 : random_seed()),
      pace_(20, 500),
      next_emptying_ms_(runtime.clock.monotonic_ms() + options.isolated_every_ms) {}

bool Claimer::empties_itself(int64_t now) {
  if (now < next_emptying_ms_) return false;
  if (now < next_emptying_ms_ + emptying_patience_ms_) return true;
  // Tasks here take long; next time it waits longer, so that one day it gets there.
  emptying_patience_ms_ = std::min(emptying_patience_ms_ * 2, most_patience_ms);
  next_emptying_ms_ = now + std::max(options_.isolated_every_ms, 2 * emptying_patience_ms_);
  return false;
}

int64_t Claimer::turn() {
  if (poked_.exchange(false)) pace_.reset();
  const Workbench::Identity identity = bench_.identity();
  const Workbench::Appetite appetite = bench_.appetite();
  const int64_t now = runtime_.clock.monotonic_ms();
  if (!identity.is_live || appetite.most == 0) return full_hands_ms;
  if (appetite.is_idle) {
    next_emptying_ms_ = now + options_.isolated_every_ms;
    emptying_patience_ms_ = 10'000;
  } else if (empties_itself(now)) {
    return pace_.least_ms();
  }
  std::vector<model::ClaimedTask> tasks;
  try {
    tasks = runtime_.store.claim_ready_tasks({.worker_id = identity.worker_id,
                                              .node_group = options_.node_group,
                                              .kinds = kinds_,
                                              .most = appetite.most,
                                              .may_take_isolated = appetite.is_idle});
  } catch (const sql::Error& error) {
    // Tasks may be ours that we do not know of, and a living worker's are rescued by nobody.
    if (error.outcome_unknown()) bench_.doubt(identity.incarnation);
    throw;
  }
  claim_s_.observe(static_cast<double>(runtime_.clock.monotonic_ms() - now) / 1000);
  if (tasks.empty()) return pace_.idle(random_);
  const bool is_full = tasks.size() >= appetite.most;
  claimed_.add(tasks.size());
  bench_.put(identity.incarnation, std::move(tasks));
  pace_.reset();
  return is_full ? 0 : pace_.idle(random_);
}

}  // namespace assay::coordinate
