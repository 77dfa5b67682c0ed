#include "coordinate/assigner.h"

#include <algorithm>

#include "model/transitions.h"

namespace assay::coordinate {
namespace {

constexpr size_t admit_batch = 200;
constexpr int64_t between_claims_ms = 50;
constexpr size_t most_look_ahead = 20'000;

}  // namespace

Assigner::Assigner(Orchestration& shared)
    : shared_(shared),
      claimed_(shared.runtime.metrics.counter("assay_jobs_claimed_total", "Jobs that this orchestrator took.")),
      admitted_(shared.runtime.metrics.counter("assay_tasks_admitted_total", "Tasks that budgets let pass.")),
      random_(shared.options.seed != 0 ? shared.options.seed + 2 : random_seed()),
      pace_(20, 500) {}

int64_t Assigner::turn() {
  if (shared_.id().empty()) return 50;
  // Many workers tell of news; asking for jobs twenty times a second is often enough.
  if (poked_.exchange(false)) {
    next_claim_ms_ = std::min(next_claim_ms_, last_claim_ms_ + between_claims_ms);
    next_try_ms_ = std::min(next_try_ms_, last_try_ms_ + shared_.options.busy_digest_ms);
  }
  if (shared_.runtime.clock.monotonic_ms() >= next_claim_ms_ && claim()) return 0;

  bool is_news = forget_jobs_not_held();
  renew_holders();
  exhausted_.clear();
  bytes_are_short_ = breaker_is_open_ = looks_further_ = false;
  size_t admitted = 0;
  for (size_t left = shared_.jobs.waiting(Need::assigner); left > 0; --left) {
    const auto job = shared_.jobs.next(Need::assigner);
    if (!job) break;
    if (job->status != model::JobStatus::running) continue;
    is_news = true;
    admitted += shared_.see_to(*job, [&] { return admit(*job); });
  }
  // Whatever changed may have left something for others.
  if (is_news || shared_.runtime.clock.monotonic_ms() >= next_try_ms_) {
    admitted += try_again_those_who_wait();
    if (admitted > 0) pace_.reset();
    pace_.set_most(shared_.group_is_busy || bytes_are_short_ ? shared_.options.busy_digest_ms
                   : breaker_is_open_                        ? shared_.options.idle_digest_ms
                                                             : shared_.options.idle_try_ms);
    last_try_ms_ = shared_.runtime.clock.monotonic_ms();
    next_try_ms_ = last_try_ms_ + (looks_further_ ? 0 : pace_.idle(random_));
  }
  const int64_t due = waiting_.empty() ? next_claim_ms_ : std::min(next_claim_ms_, next_try_ms_);
  return std::max<int64_t>(1, due - shared_.runtime.clock.monotonic_ms());
}

size_t Assigner::try_again_those_who_wait() {
  size_t admitted = 0;
  std::vector<int64_t> ids;
  for (const auto& [job_id, datasources] : waiting_) ids.push_back(job_id);
  for (const int64_t id : ids) {
    if (is_in_vain(waiting_[id])) continue;
    const auto job = shared_.jobs.find(id);
    if (job && job->status == model::JobStatus::running) {
      admitted += shared_.see_to(*job, [&] { return admit(*job); });
    } else {
      waiting_.erase(id);  // it is asked about when it goes on
    }
  }
  return admitted;
}

bool Assigner::is_in_vain(const std::set<int64_t>& datasources) {
  return !datasources.empty() && std::ranges::all_of(datasources, [&](int64_t id) {
    if (exhausted_.contains(id)) return true;
    const bool is_open = shared_.budgets.breaker(id) == model::BreakerState::open;
    breaker_is_open_ |= is_open;
    return is_open;
  });
}

void Assigner::remember_wait(const HeldJob& job, const Shares& shares) {
  std::set<int64_t> datasources;
  for (const auto& [datasource_id, share] : shares) {
    if (share.is_held_up) datasources.insert(datasource_id);
  }
  const auto look_ahead = look_ahead_.find(job.id);
  const bool looks_further = look_ahead != look_ahead_.end() && look_ahead->second > admit_batch;
  looks_further_ |= looks_further && look_ahead->second < most_look_ahead;
  if (looks_further) datasources.clear();
  if (looks_further || !datasources.empty()) waiting_.insert_or_assign(job.id, std::move(datasources));
  else waiting_.erase(job.id);
}

bool Assigner::claim() {
  const size_t held = shared_.jobs.size();
  const size_t most =
      std::min(shared_.options.claim_batch, shared_.options.most_jobs - std::min(held, shared_.options.most_jobs));
  const int64_t begun = shared_.runtime.clock.monotonic_ms();
  const int64_t pause = shared_.is_alone ? shared_.options.claim_alone_every_ms : shared_.options.claim_every_ms;
  last_claim_ms_ = begun;
  next_claim_ms_ = begun + random_.between(pause - pause / 20, pause);
  if (most == 0) return false;
  const std::string id = shared_.id();
  const auto jobs = shared_.runtime.store.claim_jobs(id, shared_.options.node_group, most, shared_.options.lease_ms);
  if (jobs.empty() || shared_.id() != id) return false;  // a new incarnation since: those leases run out
  shared_.jobs.adopt(jobs, begun + shared_.options.lease_ms);
  claimed_.add(jobs.size());
  shared_.group_is_busy = true;
  for (const store::OwnedJob& job : jobs) {
    shared_.runtime.log.info("took a job", {{"job", job.id}, {"correlation_id", correlation_id_of(job.configuration)}});
    if (job.pending_command) shared_.jobs.note(Need::command, job.id);
    if (holders_.contains(job.id)) shared_.jobs.set_holds_budget(job.id, job.version, true);
    shared_.jobs.note(Need::digest, job.id);  // an earlier orchestrator may have left anything undone
  }
  shared_.tell_of_new_tasks();  // those of a job that nobody held wait for it
  if (jobs.size() < most) return false;
  next_claim_ms_ = 0;
  return true;
}

Assigner::Shares Assigner::shares_of(const HeldJob& job, bool& has_pending) {
  Shares shares;
  for (const store::ProgressRow& row : shared_.runtime.store.progress(job.id)) {
    has_pending |= row.pending > 0;
    const uint64_t outstanding = row.ready + row.running + row.failed;
    const auto known = holders_.find(job.id);
    const bool is_known = known != holders_.end() && known->second.contains(row.datasource_id);
    if (row.pending == 0 && !is_known) continue;
    Share share;
    share.holder = "job/" + std::to_string(job.id) + "/datasource/" + std::to_string(row.datasource_id);
    share.outstanding = outstanding;
    share.is_quiet = outstanding == 0 && row.outputs_waiting == 0 && row.pending == 1;
    share.is_bounded = restrains(shared_.budgets.budget(row.datasource_id)) || restrains(shared_.options.group_budget);
    uint64_t wanted = std::min<uint64_t>(row.pending, admit_batch);
    const model::BreakerState breaker = shared_.budgets.breaker(row.datasource_id);
    if (breaker == model::BreakerState::open) wanted = 0;
    if (breaker == model::BreakerState::half_open) {
      wanted = outstanding == 0 ? std::min<uint64_t>(wanted, 1) : 0;
      if (wanted == 0) exhausted_.insert(row.datasource_id);
    }
    if (share.is_bounded) reserve(share, row.datasource_id, wanted);
    else share.may_admit = wanted;
    share.is_held_up = row.pending > 0 && share.may_admit == 0;
    shares.emplace(row.datasource_id, std::move(share));
  }
  return shares;
}

void Assigner::reserve(Share& share, int64_t datasource_id, uint64_t wanted) {
  const model::Budget& group = shared_.options.group_budget;
  const model::Budget budget = shared_.budgets.budget(datasource_id);
  const uint64_t memory = shared_.options.task_memory_bytes;
  const uint64_t most = std::min(most_tasks(budget, memory), most_tasks(group, memory));
  const bool is_wanted = wanted > 0;
  wanted = std::min(wanted, most - std::min(share.outstanding, most));
  // Halving finds what fits between others; what is refused changes nothing.
  for (;; wanted /= 2) {
    const uint64_t tasks = share.outstanding + wanted;
    auto requests = requests_for("datasource/" + std::to_string(datasource_id), budget, tasks, memory);
    auto more = requests_for("group/" + shared_.options.node_group, group, tasks, memory);
    requests.insert(requests.end(), more.begin(), more.end());
    if (tasks > 0 && shared_.resources.acquire(share.holder, requests, shared_.options.budget_ttl_ms)) break;
    if (wanted == 0) break;
  }
  share.may_admit = wanted;
  if (is_wanted && wanted == 0) exhausted_.insert(datasource_id);
}

bool Assigner::take_bytes(const HeldJob& job, int64_t datasource_id, uint64_t bytes) {
  const std::string suffix =
      std::to_string(job.id) + "/" + std::to_string(job.version) + "/" + std::to_string(++byte_leases_);
  const auto take = [&](const std::string& key, uint64_t rate, const std::string& holder) {
    if (rate == 0 || bytes == 0) return true;
    const ResourceRequest request{key, std::min(bytes, rate), rate};
    const auto ttl =
        std::max<int64_t>(1'000, static_cast<int64_t>(static_cast<double>(bytes) / static_cast<double>(rate) * 1000));
    return shared_.resources.acquire(holder, {&request, 1}, ttl);
  };
  const std::string of_source = "bytes/datasource/" + suffix;
  if (!take("datasource/" + std::to_string(datasource_id) + "/bytes", shared_.budgets.budget(datasource_id).bytes_per_s,
            of_source)) {
    return false;
  }
  if (take("group/" + shared_.options.node_group + "/bytes", shared_.options.group_budget.bytes_per_s,
           "bytes/group/" + suffix)) {
    return true;
  }
  shared_.resources.release(of_source);
  return false;
}

std::vector<int64_t> Assigner::choose(const HeldJob& job, Shares& shares) {
  size_t& look_ahead = look_ahead_.try_emplace(job.id, admit_batch).first->second;
  const auto pending = shared_.runtime.store.pending_tasks(job.id, look_ahead);
  std::vector<int64_t> chosen;
  for (const store::TaskRow& task : pending) {
    if (chosen.size() >= admit_batch) break;
    const auto share = shares.find(task.datasource_id);
    if (share == shares.end() || share->second.may_admit == 0) continue;
    if (task.priority == model::last_priority && !share->second.is_quiet) continue;
    if (!take_bytes(job, task.datasource_id, task.bytes)) {
      share->second.may_admit = 0;  // in order: a smaller one behind must not overtake it for ever
      share->second.is_held_up = true;
      exhausted_.insert(task.datasource_id);
      bytes_are_short_ = true;
      continue;
    }
    --share->second.may_admit;
    ++share->second.outstanding;
    chosen.push_back(task.id);
  }
  // A saturated source at the head of the queue must not hide others behind it.
  if (chosen.empty() && pending.size() >= look_ahead) look_ahead = std::min(look_ahead * 2, most_look_ahead);
  else look_ahead = admit_batch;
  return chosen;
}

size_t Assigner::admit(const HeldJob& job) {
  bool has_pending = false;
  Shares shares = shares_of(job, has_pending);
  size_t admitted = 0;
  const bool any =
      std::any_of(shares.begin(), shares.end(), [](const auto& share) { return share.second.may_admit > 0; });
  if (any) {
    const std::vector<int64_t> chosen = choose(job, shares);
    if (!chosen.empty() && shared_.jobs.holds(job)) {
      admitted = shared_.runtime.store.admit_tasks(job.id, job.version, chosen);
      admitted_.add(admitted);
    }
    if (admitted > 0) shared_.tell_of_new_tasks();
  }
  settle(job, shares);
  if (!has_pending) look_ahead_.erase(job.id);
  remember_wait(job, shares);
  return admitted;
}

void Assigner::settle(const HeldJob& job, const Shares& shares) {
  std::map<int64_t, std::string>& mine = holders_[job.id];
  for (const auto& [datasource_id, share] : shares) {
    if (!share.is_bounded) continue;
    const bool is_used = share.outstanding > 0 || share.may_admit > 0;
    if (!is_used && mine.contains(datasource_id)) shared_.resources.release(share.holder);
    if (is_used) mine[datasource_id] = share.holder;
    else mine.erase(datasource_id);
  }
  shared_.jobs.set_holds_budget(job.id, job.version, !mine.empty());
  if (mine.empty()) holders_.erase(job.id);
}

void Assigner::renew_holders() {
  const int64_t now = shared_.runtime.clock.monotonic_ms();
  if (now < next_renewal_ms_) return;
  next_renewal_ms_ = now + shared_.options.budget_ttl_ms / 3;
  std::vector<std::string_view> all;
  for (const auto& [job_id, holders] : holders_) {
    for (const auto& [datasource_id, holder] : holders) all.push_back(holder);
  }
  if (!all.empty()) shared_.resources.renew(all, shared_.options.budget_ttl_ms);
}

bool Assigner::forget_jobs_not_held() {
  bool is_news = false;
  for (auto at = holders_.begin(); at != holders_.end();) {
    const auto held = shared_.jobs.find(at->first);
    if (held && held->status != model::JobStatus::paused) {
      ++at;
      continue;
    }
    // Paused or over: what it used is free. Taken over: the holder is another orchestrator's now, under the same name.
    const auto row = shared_.runtime.store.find_job(at->first);
    if (held || (row && model::is_over(row->status))) {
      for (const auto& [datasource_id, holder] : at->second) shared_.resources.release(holder);
      is_news = true;
    }
    look_ahead_.erase(at->first);
    at = holders_.erase(at);
  }
  return is_news;
}

}  // namespace assay::coordinate
