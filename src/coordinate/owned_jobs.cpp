#include "coordinate/owned_jobs.h"

#include <utility>

#include "coordinate/json_slices.h"

namespace assay::coordinate {

void OwnedJobs::adopt(const std::vector<store::OwnedJob>& jobs, int64_t held_until_ms) {
  std::vector<HeldJob> held;
  held.reserve(jobs.size());
  for (const store::OwnedJob& job : jobs) {
    held.push_back({job.id, job.version, job.status, job.kind, correlation_id_of(job.configuration), held_until_ms});
  }
  const std::lock_guard lock(mutex_);
  for (HeldJob& job : held) {
    seen_changes_.erase(job.id);
    jobs_[job.id] = std::move(job);
  }
}

OwnedJobs::Fences OwnedJobs::fences() const {
  const std::lock_guard lock(mutex_);
  Fences fences;
  for (const auto& [id, job] : jobs_) {
    fences.ids.push_back(id);
    fences.versions.push_back(job.version);
  }
  return fences;
}

size_t OwnedJobs::settle_renewal(const Fences& asked, std::span<const int64_t> renewed, int64_t held_until_ms) {
  const std::unordered_set<int64_t> kept(renewed.begin(), renewed.end());
  const std::lock_guard lock(mutex_);
  size_t lost = 0;
  for (size_t i = 0; i < asked.ids.size(); ++i) {
    const auto found = jobs_.find(asked.ids[i]);
    if (found == jobs_.end() || found->second.version != asked.versions[i])
      continue;  // dropped or taken anew meanwhile
    if (kept.contains(asked.ids[i])) {
      if (clock_.monotonic_ms() >= found->second.held_until_ms) note_locked(Need::digest, asked.ids[i]);
      found->second.held_until_ms = held_until_ms;
    } else {
      seen_changes_.erase(asked.ids[i]);
      jobs_.erase(found);
      ++lost;
    }
  }
  return lost;
}

std::optional<HeldJob> OwnedJobs::find_locked(int64_t id) const {
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || clock_.monotonic_ms() >= found->second.held_until_ms) return std::nullopt;
  return found->second;
}

std::optional<HeldJob> OwnedJobs::find(int64_t id) const {
  const std::lock_guard lock(mutex_);
  return find_locked(id);
}

bool OwnedJobs::holds(const HeldJob& job) const {
  const auto found = find(job.id);
  return found && found->version == job.version;
}

void OwnedJobs::set_status(int64_t id, int64_t version, model::JobStatus status) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found != jobs_.end() && found->second.version == version) found->second.status = status;
}

void OwnedJobs::set_holds_budget(int64_t id, int64_t version, bool holds_budget) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found != jobs_.end() && found->second.version == version) found->second.holds_budget = holds_budget;
}

bool OwnedJobs::saw_changes(int64_t id, int64_t changes) {
  const std::lock_guard lock(mutex_);
  if (!jobs_.contains(id)) return false;
  const auto [known, is_new] = seen_changes_.try_emplace(id, changes);
  return is_new || std::exchange(known->second, changes) != changes;
}

void OwnedJobs::drop(int64_t id, int64_t version) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || found->second.version != version) return;
  seen_changes_.erase(id);
  jobs_.erase(found);
}

void OwnedJobs::drop_all() {
  const std::lock_guard lock(mutex_);
  jobs_.clear();
  seen_changes_.clear();
}

size_t OwnedJobs::size() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

bool OwnedJobs::note_quietly(Need need, int64_t job_id) {
  const std::lock_guard lock(mutex_);
  return note_locked(need, job_id);
}

bool OwnedJobs::note_locked(Need need, int64_t job_id) {
  Worklist& work = list(need);
  if (!work.known.insert(job_id).second) return false;
  work.order.push_back(job_id);
  return true;
}

bool OwnedJobs::note(Need need, int64_t job_id) {
  if (!note_quietly(need, job_id)) return false;
  if (on_need_) on_need_(need);
  return true;
}

std::optional<HeldJob> OwnedJobs::next(Need need) {
  const std::lock_guard lock(mutex_);
  Worklist& work = list(need);
  while (!work.order.empty()) {
    const int64_t id = work.order.front();
    work.order.pop_front();
    work.known.erase(id);
    if (auto job = find_locked(id)) return job;
  }
  return std::nullopt;
}

std::vector<int64_t> OwnedJobs::take_all(Need need) {
  const std::lock_guard lock(mutex_);
  Worklist& work = list(need);
  std::vector<int64_t> ids(work.order.begin(), work.order.end());
  work = {};
  return ids;
}

size_t OwnedJobs::waiting(Need need) const {
  const std::lock_guard lock(mutex_);
  return lists_[static_cast<size_t>(need)].order.size();
}

std::string correlation_id_of(std::string_view configuration) {
  return std::string(text_in(configuration, "correlation_id"));
}

}  // namespace assay::coordinate
