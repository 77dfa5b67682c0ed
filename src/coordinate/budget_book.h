#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "core/clock.h"
#include "model/datasource.h"
#include "store/store.h"

namespace assay::coordinate {

/// What datasources allow, and how they fare: their budgets and circuit breakers, read from the store at most every few
/// seconds. Thread-safe; holds no lock while it reads.
class BudgetBook {
 public:
  BudgetBook(store::Store& store, const core::Clock& clock) : store_(store), clock_(clock) {}

  /// No bounds for 0 and for a datasource that is not known.
  model::Budget budget(int64_t datasource_id);
  /// closed when none is kept.
  model::BreakerState breaker(int64_t datasource_id);

 private:
  void refresh_budgets();
  void refresh_breakers();

  store::Store& store_;
  const core::Clock& clock_;
  std::mutex mutex_;
  std::map<int64_t, model::Budget> budgets_;
  std::map<int64_t, model::BreakerState> breakers_;
  int64_t budgets_until_ms_ = 0, breakers_until_ms_ = 0;  // on the monotonic clock
};

bool restrains(const model::Budget& budget) noexcept;

/// How many tasks a budget allows at a time, when each takes one connection and `task_memory_bytes`: at least one, so
/// that a small budget slows a source down and never stops it. UINT64_MAX: no bound.
uint64_t most_tasks(const model::Budget& budget, uint64_t task_memory_bytes) noexcept;

/// What `tasks` tasks take of a budget, as requests whose keys begin with `prefix`: "datasource/7" gives
/// "datasource/7/tasks" and so on.
std::vector<store::Store::ResourceRequest> requests_for(std::string_view prefix, const model::Budget& budget,
                                                        uint64_t tasks, uint64_t task_memory_bytes);

}  // namespace assay::coordinate
