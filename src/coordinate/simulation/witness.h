#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace assay::coordinate::simulation {

/// Watches on the way that fences hold: versions of jobs and epochs of tasks only grow, whoever writes has the newest,
/// and nothing is recorded twice.
class Witness {
 public:
  void claimed_jobs(const std::vector<store::OwnedJob>& jobs);
  void wrote_job(std::string_view operation, int64_t job_id, int64_t version);
  void claimed_tasks(std::string_view worker_id, const std::vector<model::ClaimedTask>& tasks);
  void recorded(std::string_view worker_id, std::span<const store::TaskCompletion> tasks,
                const std::vector<int64_t>& ids);
  /// The worker was told that its completion was recorded.
  void told(const store::TaskCompletion& completion);

  /// The first violation; "" none.
  const std::string& trouble() const { return trouble_; }
  size_t recorded_tasks() const { return recorded_.size(); }

 private:
  struct Claim {
    int64_t epoch = 0;
    std::string worker_id;
  };
  void violated(const std::string& what);

  std::map<int64_t, int64_t> versions_;
  std::map<int64_t, Claim> claims_;
  std::map<int64_t, int64_t> recorded_;  // task and epoch
  std::set<int64_t> told_;
  std::string trouble_;
};

}  // namespace assay::coordinate::simulation
