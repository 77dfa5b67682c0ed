#include "coordinate/configuration_cache.h"

#include "coordinate/owned_jobs.h"

namespace assay::coordinate {

std::shared_ptr<const JobConfiguration> ConfigurationCache::get(int64_t job_id) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_job_.find(job_id); found != by_job_.end()) {
      used_.splice(used_.begin(), used_, found->second);
      return found->second->second;
    }
  }
  auto loaded = std::make_shared<JobConfiguration>();
  loaded->text = store_.job_configuration(job_id);
  loaded->correlation_id = correlation_id_of(loaded->text);
  const std::lock_guard lock(mutex_);
  if (const auto found = by_job_.find(job_id); found != by_job_.end()) return found->second->second;
  used_.emplace_front(job_id, loaded);
  by_job_[job_id] = used_.begin();
  if (used_.size() > most_) {
    by_job_.erase(used_.back().first);
    used_.pop_back();
  }
  return loaded;
}

}  // namespace assay::coordinate
