#include "store/claim_order.h"

#include <algorithm>
#include <map>

namespace assay::store {
namespace {

constexpr size_t most_jobs = 50'000;
constexpr size_t most_groups = 64;
constexpr int64_t restart_share = 20;  // at most a twentieth of the time goes into walks from the beginning

}  // namespace

const std::vector<ReadyCount>* ClaimOrder::known(std::string_view group, int64_t now_ms) const {
  const auto found = groups_.find(std::string(group));
  if (found == groups_.end() || now_ms - found->second.read_at_ms >= keep_ms) return nullptr;
  return &found->second.counts;
}

void ClaimOrder::remember(std::string_view group, std::vector<ReadyCount> counts, int64_t now_ms) {
  if (groups_.size() >= most_groups) groups_.clear();
  groups_[std::string(group)] = {now_ms, std::move(counts)};
}

void ClaimOrder::took(std::string_view group, int64_t job_id, int64_t tasks, bool was_short, int64_t now_ms) {
  if (tasks > 0) {
    Job& served = job(job_id, now_ms);
    served.served_at_ms = now_ms;
    served.turn = ++turns_;  // several claims fit into a millisecond
  }
  const auto found = groups_.find(std::string(group));
  if (found == groups_.end() || !was_short) return;
  for (ReadyCount& count : found->second.counts)
    if (count.job_id == job_id) count.ready = count.isolated;
}

void ClaimOrder::sort(std::vector<ClaimCandidate>& jobs, int64_t now_ms) {
  struct Rank {
    int64_t level = 0;
    uint64_t turn = 0;
    int64_t job_id = 0;
    auto operator<=>(const Rank&) const = default;
  };
  std::map<int64_t, Rank> ranks;
  for (const ClaimCandidate& candidate : jobs) {
    const Job& known = job(candidate.job_id, now_ms);
    ranks[candidate.job_id] = {candidate.priority - (now_ms - known.served_at_ms) / ageing_ms, known.turn,
                               candidate.job_id};
  }
  std::ranges::sort(jobs, {}, [&](const ClaimCandidate& candidate) { return ranks[candidate.job_id]; });
}

ClaimOrder::Job& ClaimOrder::job(int64_t job_id, int64_t now_ms) {
  if (jobs_.size() >= most_jobs && !jobs_.contains(job_id)) jobs_.clear();
  auto [place, is_new] = jobs_.try_emplace(job_id);
  if (is_new) {
    place->second.served_at_ms = now_ms;
    place->second.turn = ++turns_;
  }
  return place->second;
}

ClaimCursor ClaimOrder::cursor(int64_t job_id, const std::vector<int64_t>& blocked) {
  Job& known = jobs_[job_id];
  if (known.blocked != blocked) {
    known.blocked = blocked;
    known.cursor = {};
  }
  return known.cursor;
}

void ClaimOrder::advance(int64_t job_id, ClaimCursor cursor) { jobs_[job_id].cursor = cursor; }

bool ClaimOrder::may_restart(int64_t job_id, int64_t now_us) const {
  const auto known = jobs_.find(job_id);
  return known == jobs_.end() || now_us >= known->second.restart_from_us;
}

void ClaimOrder::restarted(int64_t job_id, int64_t began_us, int64_t ended_us) {
  jobs_[job_id].restart_from_us = ended_us + (ended_us - began_us) * restart_share;
}

void ClaimOrder::reset(int64_t job_id) {
  if (const auto known = jobs_.find(job_id); known != jobs_.end()) known->second.cursor = {};
}

}  // namespace assay::store
