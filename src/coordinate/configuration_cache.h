#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "store/store.h"

namespace assay::coordinate {

struct JobConfiguration {
  std::string text;            ///< JSON
  std::string correlation_id;  ///< of the job; "" none
};

/// The configurations of the jobs used last. A job's never changes. Thread-safe; holds no lock while it reads.
class ConfigurationCache {
 public:
  ConfigurationCache(store::Store& store, size_t most) : store_(store), most_(most) {}
  /// Throws core::Error when the store has none or does not answer.
  std::shared_ptr<const JobConfiguration> get(int64_t job_id);

 private:
  using Entry = std::pair<int64_t, std::shared_ptr<const JobConfiguration>>;

  store::Store& store_;
  size_t most_;
  std::mutex mutex_;
  std::list<Entry> used_;  // the latest first
  std::unordered_map<int64_t, std::list<Entry>::iterator> by_job_;
};

}  // namespace assay::coordinate
