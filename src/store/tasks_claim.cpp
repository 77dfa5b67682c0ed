#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "store/claim_statement.h"
#include "store/sql_store.h"

// How tasks come to workers. A claim looks at counters to see which jobs have tasks (claim_order.h), and takes them in
// the order of a partial index, passing over rows that others are about to take.
namespace assay::store {

/// One claim in work.
struct SqlStore::Claim {
  const ClaimRequest& request;
  std::vector<std::string_view> kinds = {};
  std::vector<int64_t> blocked = {};  ///< sources whose breaker is not closed
  std::vector<model::ClaimedTask> tasks = {};
  Counters counters = {};
  ClaimCursor last = {};  ///< of the batch claimed last

  size_t room() const { return request.most - std::min(request.most, tasks.size()); }
};

namespace {

constexpr size_t most_jobs_a_claim = 32;
constexpr size_t most_doubtful_claims = 10'000;

int64_t monotonic_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

/// Adds the rows to the claim in the order of (priority, id).
size_t take_rows(sql::Rows rows, int64_t job_id, std::string_view worker_id, std::vector<model::ClaimedTask>& tasks,
                 Counters& counters, ClaimCursor& last) {
  std::vector<size_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](size_t i) { return std::pair(rows.integer(i, 6), rows.integer(i, 0)); });
  for (const size_t i : order) {
    model::ClaimedTask task;
    task.id = rows.integer(i, 0);
    task.job_id = job_id;
    task.worker_id = worker_id;
    task.epoch = rows.integer(i, 1);
    task.kind = rows.text(i, 2);
    task.datasource_id = rows.integer(i, 3);
    task.work_packet = rows.text(i, 4);
    task.attempt = static_cast<int32_t>(rows.integer(i, 5)) + 1;
    task.isolated = rows.boolean(i, 7);
    counters.move(job_id, task.datasource_id, model::TaskEvent::claim);
    if (task.isolated) --counters.of(job_id, task.datasource_id).isolated;
    last = {rows.integer(i, 6), task.id};
    tasks.push_back(std::move(task));
  }
  return rows.size();
}

/// False: the job is about to be paused or cancelled, and nobody may claim from it.
bool share_job(sql::Connection& connection, int64_t job_id) {
  if (connection.dialect() == sql::Dialect::sqlite) return true;
  return query(connection, "SELECT pg_try_advisory_xact_lock_shared($1)", claims_lock_key(job_id)).boolean(0, 0);
}

}  // namespace

std::vector<ClaimCandidate> SqlStore::candidates(const ClaimRequest& request, bool fresh) {
  std::vector<ReadyCount> counts;
  bool is_known = false;
  {
    const std::lock_guard lock(memory_mutex_);
    const auto* known = fresh ? nullptr : claim_order_.known(request.node_group, local_now_ms());
    is_known = known != nullptr;
    if (known) counts = *known;
  }
  if (!is_known) {
    counts = reading<std::vector<ReadyCount>>([&](sql::Connection& c) {
      const sql::Rows rows =
          query(c,
                "SELECT j.id, j.priority, p.datasource_id, SUM(p.ready), SUM(p.isolated) FROM jobs j "
                "JOIN job_progress p ON p.job_id = j.id WHERE j.node_group = $1 AND j.status = 'RUNNING' "
                "GROUP BY j.id, j.priority, p.datasource_id HAVING SUM(p.ready) > 0",
                request.node_group);
      return each_row(rows, [](const sql::Rows& all, size_t row) {
        return ReadyCount{all.integer(row, 0), static_cast<int32_t>(all.integer(row, 1)), all.integer(row, 2),
                          all.integer(row, 3), all.integer(row, 4)};
      });
    });
    const std::lock_guard lock(memory_mutex_);
    claim_order_.remember(request.node_group, counts, local_now_ms());
  }
  if (counts.empty()) return {};

  const std::vector<Breaker> breakers = cached_breakers(false);
  std::map<int64_t, ClaimCandidate> jobs;
  for (const ReadyCount& count : counts) {
    ClaimCandidate& job = jobs[count.job_id];
    job.job_id = count.job_id;
    job.priority = count.priority;
    const auto breaker = std::ranges::find(breakers, count.datasource_id, &Breaker::datasource_id);
    if (breaker != breakers.end() && breaker->state != model::BreakerState::closed) {
      job.has_blocked = true;
      if (breaker->state == model::BreakerState::half_open) job.probing.push_back(count.datasource_id);
      continue;
    }
    job.ready += count.ready - count.isolated;
    job.isolated += count.isolated;
  }
  std::vector<ClaimCandidate> list;
  list.reserve(jobs.size());
  for (auto& [id, job] : jobs) list.push_back(std::move(job));
  const std::lock_guard lock(memory_mutex_);
  claim_order_.sort(list, local_now_ms());
  return list;
}

size_t SqlStore::claim_batch(sql::Connection& connection, const ClaimCandidate& job, Claim& claim, size_t most) {
  const bool has_blocked = job.has_blocked && !claim.blocked.empty();
  const std::string statement = claim_statement(dialect_, ClaimFrom::queue, has_blocked, most);
  const std::string_view worker = claim.request.worker_id;
  const ClaimCursor from = claim.last;
  sql::Rows rows =
      has_blocked ? query(connection, statement, job.job_id, worker, claim.kinds, from.priority, from.id, claim.blocked)
                  : query(connection, statement, job.job_id, worker, claim.kinds, from.priority, from.id);
  return take_rows(std::move(rows), job.job_id, worker, claim.tasks, claim.counters, claim.last);
}

void SqlStore::claim_from(sql::Connection& connection, const ClaimCandidate& job, Claim& claim) {
  if (!share_job(connection, job.job_id)) return;
  const bool uses_cursor = dialect_ == sql::Dialect::postgresql;
  const size_t before = claim.tasks.size();
  claim.last = {};
  if (uses_cursor) {
    const std::lock_guard lock(memory_mutex_);
    claim.last = claim_order_.cursor(job.job_id, job.has_blocked ? claim.blocked : std::vector<int64_t>());
  }
  bool from_front = claim.last == ClaimCursor{};
  bool was_short = false;
  while (claim.room() > 0 && !was_short) {
    const size_t most = claim_limit(claim.room());
    const int64_t began_us = monotonic_us();
    was_short = claim_batch(connection, job, claim, most) < most;
    if (from_front && uses_cursor) {
      const std::lock_guard lock(memory_mutex_);
      claim_order_.restarted(job.job_id, began_us, monotonic_us());
    }
    const std::lock_guard lock(memory_mutex_);
    if (was_short && !from_front && claim_order_.may_restart(job.job_id, monotonic_us())) {
      claim.last = {};
      from_front = true;
      was_short = false;
    } else {
      from_front = false;
    }
  }
  const std::lock_guard lock(memory_mutex_);
  if (uses_cursor) claim_order_.advance(job.job_id, claim.last);
  claim_order_.took(claim.request.node_group, job.job_id, static_cast<int64_t>(claim.tasks.size() - before), was_short,
                    local_now_ms());
}

void SqlStore::claim_isolated(sql::Connection& connection, std::span<const ClaimCandidate> jobs, Claim& claim) {
  const std::string statement = claim_statement(dialect_, ClaimFrom::quarantine, false, 1);
  for (const ClaimCandidate& job : jobs) {
    if (job.isolated <= 0 || !share_job(connection, job.job_id)) continue;
    ClaimCursor unused;
    take_rows(query(connection, statement, job.job_id, claim.request.worker_id, claim.kinds), job.job_id,
              claim.request.worker_id, claim.tasks, claim.counters, unused);
    if (!claim.tasks.empty()) return;
  }
}

void SqlStore::claim_probe(sql::Connection& connection, std::span<const ClaimCandidate> jobs, Claim& claim) {
  for (const ClaimCandidate& job : jobs)
    for (const int64_t source : job.probing) {
      // Whoever moves open_until has the probe; when it dies, the next has one after as long again.
      const bool is_ours =
          execute(connection,
                  text_("UPDATE source_breakers SET open_until = @now + open_ms WHERE datasource_id = $1 "
                        "AND failures >= threshold AND open_until <= @now"),
                  source) == 1;
      if (!is_ours) continue;
      const size_t before = claim.tasks.size();
      const auto probe_with = [&](ClaimFrom from) {
        ClaimCursor unused;
        take_rows(query(connection, claim_statement(dialect_, from, false, 1), job.job_id, claim.request.worker_id,
                        claim.kinds, source),
                  job.job_id, claim.request.worker_id, claim.tasks, claim.counters, unused);
      };
      if (claim.room() > 0 && share_job(connection, job.job_id)) {
        probe_with(ClaimFrom::probed_source);
        // When every task of the source is a suspect, one of them has to do; it comes alone.
        if (claim.tasks.empty() && claim.request.may_take_isolated) {
          probe_with(ClaimFrom::probed_quarantine);
          if (!claim.tasks.empty()) return;
        }
      }
      // A probe that found no task is left to whoever can take one.
      if (claim.tasks.size() == before)
        execute(connection, text_("UPDATE source_breakers SET open_until = @now WHERE datasource_id = $1"), source);
    }
}

std::vector<model::ClaimedTask> SqlStore::claim_once(const ClaimRequest& request,
                                                     const std::vector<ClaimCandidate>& jobs) {
  std::vector<model::ClaimedTask> tasks;
  const std::vector<Breaker> breakers = cached_breakers(false);
  const Body body = [&](sql::Connection& c) {
    Claim claim{.request = request};
    claim.kinds.assign(request.kinds.begin(), request.kinds.end());
    for (const Breaker& breaker : breakers)
      if (breaker.state != model::BreakerState::closed) claim.blocked.push_back(breaker.datasource_id);
    if (request.may_take_isolated) claim_isolated(c, jobs, claim);
    if (claim.tasks.empty()) {
      claim_probe(c, jobs, claim);
      const bool comes_alone = !claim.tasks.empty() && claim.tasks.back().isolated;
      size_t tried = 0;
      for (const ClaimCandidate& job : jobs) {
        if (comes_alone || claim.room() == 0 || tried == most_jobs_a_claim) break;
        if (job.ready <= 0) continue;
        ++tried;
        claim_from(c, job, claim);
      }
    }
    claim.counters.write(c);
    tasks = std::move(claim.tasks);
  };
  const Question was_recorded = [&](sql::Connection& c) {
    if (tasks.empty()) return false;
    const std::vector<Fence> fence = {{tasks.front().job_id, tasks.front().id, tasks.front().epoch}};
    return !lock_held_tasks(c, request.worker_id, fence).held.empty();
  };
  try {
    write("claim_ready_tasks", body, was_recorded);
  } catch (const sql::Error& error) {
    const std::lock_guard lock(memory_mutex_);
    if (error.outcome_unknown() && doubtful_claims_.size() < most_doubtful_claims)
      for (const model::ClaimedTask& task : tasks) doubtful_claims_.emplace_back(request.worker_id, task);
    for (const ClaimCandidate& job : jobs) claim_order_.reset(job.job_id);
    throw;
  }
  return tasks;
}

void SqlStore::give_back_doubtful_claims(std::string_view worker_id) {
  std::vector<model::ClaimedTask> tasks;
  {
    const std::lock_guard lock(memory_mutex_);
    for (const auto& [worker, task] : doubtful_claims_)
      if (worker == worker_id) tasks.push_back(task);
  }
  if (tasks.empty()) return;
  give_back("give_back_doubtful_claims", worker_id, tasks);
  const std::lock_guard lock(memory_mutex_);
  std::erase_if(doubtful_claims_, [&](const auto& claim) { return claim.first == worker_id; });
}

std::vector<model::ClaimedTask> SqlStore::claim_ready_tasks(const ClaimRequest& request) {
  if (request.most == 0 || request.kinds.empty()) return {};
  give_back_doubtful_claims(request.worker_id);
  std::vector<model::ClaimedTask> tasks;
  // What was read a moment ago may have been claimed since: nothing is said to be there before a fresh look.
  for (const bool fresh : {false, true}) {
    const std::vector<ClaimCandidate> jobs = candidates(request, fresh);
    if (!jobs.empty()) tasks = claim_once(request, jobs);
    if (!tasks.empty()) break;
  }
  int64_t job = 0;
  for (const model::ClaimedTask& task : tasks) {
    log_.write("claim_ready_tasks", request.worker_id, task.job_id, task.id, task.epoch, true);
    if (task.job_id != std::exchange(job, task.job_id)) remember_group(task.job_id, request.node_group);
  }
  return tasks;
}

size_t SqlStore::give_back(std::string_view operation, std::string_view worker_id,
                           std::span<const model::ClaimedTask> tasks) {
  std::vector<Fence> fences;
  fences.reserve(tasks.size());
  for (const model::ClaimedTask& task : tasks) fences.push_back({task.job_id, task.id, task.epoch});
  std::vector<HeldTask> held;
  write(operation, [&](sql::Connection& c) {
    held = lock_held_tasks(c, worker_id, fences).held;
    std::vector<Ending> endings;
    endings.reserve(held.size());
    for (const HeldTask& task : held)
      endings.push_back(
          {.event = model::TaskEvent::give_back, .charge = 0, .isolated = task.isolated, .epoch_change = 1});
    Counters counters;
    end_tasks(c, text_, held, endings, counters);
    counters.write(c);
  });
  int64_t job = 0;
  for (const HeldTask& task : held) {
    log_.write(operation, worker_id, task.job_id, task.id, task.epoch, true);
    if (task.job_id != std::exchange(job, task.job_id)) announce_ready_tasks(task.job_id);
  }
  return held.size();
}

size_t SqlStore::give_back_tasks(std::string_view worker_id, std::span<const model::ClaimedTask> tasks) {
  if (tasks.empty()) return 0;
  return give_back("give_back_tasks", worker_id, tasks);
}

}  // namespace assay::store
