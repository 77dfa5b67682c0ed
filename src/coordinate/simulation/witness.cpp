#include "coordinate/simulation/witness.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::coordinate::simulation {

void Witness::violated(const std::string& what) {
  if (trouble_.empty()) trouble_ = what;
}

void Witness::claimed_jobs(const std::vector<store::OwnedJob>& jobs) {
  for (const store::OwnedJob& job : jobs) {
    int64_t& version = versions_[job.id];
    if (job.version <= version)
      violated(fmt::format("job {} was claimed at version {} after {}", job.id, job.version, version));
    version = job.version;
  }
}

void Witness::wrote_job(std::string_view operation, int64_t job_id, int64_t version) {
  if (version != versions_[job_id]) {
    violated(fmt::format("{} wrote job {} at version {}, whose newest is {}", operation, job_id, version,
                         versions_[job_id]));
  }
}

void Witness::claimed_tasks(std::string_view worker_id, const std::vector<model::ClaimedTask>& tasks) {
  for (const model::ClaimedTask& task : tasks) {
    Claim& claim = claims_[task.id];
    if (task.epoch <= claim.epoch)
      violated(fmt::format("task {} was claimed at epoch {} after {}", task.id, task.epoch, claim.epoch));
    if (recorded_.contains(task.id)) violated(fmt::format("task {} was claimed after it was recorded", task.id));
    claim = {task.epoch, std::string(worker_id)};
  }
  const bool alone = std::any_of(tasks.begin(), tasks.end(), [](const auto& task) { return task.isolated; });
  if (alone && tasks.size() > 1) violated("an isolated task came with others");
}

void Witness::recorded(std::string_view worker_id, std::span<const store::TaskCompletion> tasks,
                       const std::vector<int64_t>& ids) {
  for (const int64_t id : ids) {
    const auto task = std::find_if(tasks.begin(), tasks.end(), [&](const auto& each) { return each.task_id == id; });
    if (task == tasks.end()) {
      violated(fmt::format("task {} was recorded without being asked for", id));
      continue;
    }
    const Claim& claim = claims_[id];
    if (task->epoch != claim.epoch || worker_id != claim.worker_id) {
      violated(fmt::format("task {} was recorded at epoch {} with a stale fence; the newest is {}", id, task->epoch,
                           claim.epoch));
    }
    // Said again after a lost answer, it is the same completion.
    const auto [known, is_new] = recorded_.emplace(id, task->epoch);
    if (!is_new && known->second != task->epoch) violated(fmt::format("task {} was recorded at two epochs", id));
  }
}

void Witness::told(const store::TaskCompletion& completion) {
  if (!told_.insert(completion.task_id).second) violated(fmt::format("task {} was shown twice", completion.task_id));
  if (!recorded_.contains(completion.task_id))
    violated(fmt::format("task {} was shown and not recorded", completion.task_id));
}

}  // namespace assay::coordinate::simulation
