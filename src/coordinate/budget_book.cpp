#include "coordinate/budget_book.h"

#include <algorithm>
#include <string>

namespace assay::coordinate {
namespace {

constexpr int64_t budgets_fresh_ms = 10'000;
constexpr int64_t breakers_fresh_ms = 1'000;

}  // namespace

void BudgetBook::refresh_budgets() {
  const int64_t now = clock_.monotonic_ms();
  {
    const std::lock_guard lock(mutex_);
    if (now < budgets_until_ms_) return;
  }
  std::map<int64_t, model::Budget> budgets;
  for (const model::Datasource& source : store_.list_datasources()) {
    if (restrains(source.budget)) budgets[source.id] = source.budget;
  }
  const std::lock_guard lock(mutex_);
  budgets_ = std::move(budgets);
  budgets_until_ms_ = now + budgets_fresh_ms;
}

void BudgetBook::refresh_breakers() {
  const int64_t now = clock_.monotonic_ms();
  {
    const std::lock_guard lock(mutex_);
    if (now < breakers_until_ms_) return;
  }
  std::map<int64_t, model::BreakerState> breakers;
  for (const auto& breaker : store_.breakers()) breakers[breaker.datasource_id] = breaker.state;
  const std::lock_guard lock(mutex_);
  breakers_ = std::move(breakers);
  breakers_until_ms_ = now + breakers_fresh_ms;
}

model::Budget BudgetBook::budget(int64_t datasource_id) {
  if (datasource_id == 0) return {};
  refresh_budgets();
  const std::lock_guard lock(mutex_);
  const auto found = budgets_.find(datasource_id);
  return found == budgets_.end() ? model::Budget{} : found->second;
}

model::BreakerState BudgetBook::breaker(int64_t datasource_id) {
  if (datasource_id == 0) return model::BreakerState::closed;
  refresh_breakers();
  const std::lock_guard lock(mutex_);
  const auto found = breakers_.find(datasource_id);
  return found == breakers_.end() ? model::BreakerState::closed : found->second;
}

bool restrains(const model::Budget& budget) noexcept { return !(budget == model::Budget{}); }

uint64_t most_tasks(const model::Budget& budget, uint64_t task_memory_bytes) noexcept {
  uint64_t most = UINT64_MAX;
  if (budget.concurrent_tasks != 0) most = std::min<uint64_t>(most, budget.concurrent_tasks);
  if (budget.connections != 0) most = std::min<uint64_t>(most, budget.connections);
  if (budget.memory_bytes != 0) most = std::min(most, budget.memory_bytes / std::max<uint64_t>(task_memory_bytes, 1));
  return std::max<uint64_t>(most, 1);
}

std::vector<store::Store::ResourceRequest> requests_for(std::string_view prefix, const model::Budget& budget,
                                                        uint64_t tasks, uint64_t task_memory_bytes) {
  const std::string base(prefix);
  std::vector<store::Store::ResourceRequest> requests;
  if (budget.concurrent_tasks != 0) requests.push_back({base + "/tasks", tasks, budget.concurrent_tasks});
  if (budget.connections != 0) requests.push_back({base + "/connections", tasks, budget.connections});
  if (budget.memory_bytes != 0) {
    const uint64_t limit = std::max(budget.memory_bytes, task_memory_bytes);  // one task fits
    requests.push_back({base + "/memory", tasks * task_memory_bytes, limit});
  }
  return requests;
}

}  // namespace assay::coordinate
