#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "coordinate/resources/resources.h"

namespace assay::coordinate {
namespace {

class MemoryResources final : public ResourceCoordinator {
 public:
  explicit MemoryResources(const core::Clock& clock) : clock_(clock) {}

  bool acquire(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) override {
    const std::lock_guard lock(mutex_);
    for (const ResourceRequest& request : requests) {
      if (request.limit == 0) continue;
      uint64_t others = 0;
      for (const auto& [other, share] : alive(request.key)) others += other == holder ? 0 : share.amount;
      if (request.amount > request.limit || others > request.limit - request.amount) return false;
    }
    const int64_t until_ms = clock_.monotonic_ms() + ttl_ms;
    for (const ResourceRequest& request : requests) {
      resources_[request.key][std::string(holder)] = {request.amount, until_ms};
      held_[std::string(holder)].insert(request.key);
    }
    return true;
  }

  void renew(std::span<const std::string_view> holders, int64_t ttl_ms) override {
    const std::lock_guard lock(mutex_);
    const int64_t until_ms = clock_.monotonic_ms() + ttl_ms;
    for (const std::string_view holder : holders) {
      for (const std::string& key : keys_of(holder)) {
        Shares& shares = alive(key);
        if (const auto found = shares.find(holder); found != shares.end()) found->second.until_ms = until_ms;
      }
    }
  }

  void release(std::string_view holder) override {
    const std::lock_guard lock(mutex_);
    for (const std::string& key : keys_of(holder)) {
      Shares& shares = alive(key);
      if (const auto found = shares.find(holder); found != shares.end()) forget(shares, found, key);
    }
  }

  uint64_t in_use(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    uint64_t total = 0;
    for (const auto& [holder, share] : alive(key)) total += share.amount;
    return total;
  }

 private:
  struct Share {
    uint64_t amount = 0;
    int64_t until_ms = 0;
  };
  using Shares = std::map<std::string, Share, std::less<>>;  // by holder

  std::vector<std::string> keys_of(std::string_view holder) const {
    const auto found = held_.find(holder);
    return found == held_.end() ? std::vector<std::string>()
                                : std::vector<std::string>(found->second.begin(), found->second.end());
  }
  /// Who has a share of it that has not run out. Those that had are forgotten on the way, so that nothing grows.
  Shares& alive(std::string_view key) {
    const auto found = resources_.find(key);
    Shares& shares = found == resources_.end() ? resources_[std::string(key)] : found->second;
    const int64_t now = clock_.monotonic_ms();
    for (auto at = shares.begin(); at != shares.end();)
      at = at->second.until_ms <= now ? forget(shares, at, key) : std::next(at);
    return shares;
  }
  Shares::iterator forget(Shares& shares, Shares::iterator at, std::string_view key) {
    const auto held = held_.find(at->first);
    held->second.erase(std::string(key));
    if (held->second.empty()) held_.erase(held);
    return shares.erase(at);
  }

  const core::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Shares, std::less<>> resources_;
  std::map<std::string, std::set<std::string>, std::less<>> held_;  // resources by holder
};

}  // namespace

std::unique_ptr<ResourceCoordinator> memory_resources(const core::Clock& clock) {
  return std::make_unique<MemoryResources>(clock);
}

}  // namespace assay::coordinate
