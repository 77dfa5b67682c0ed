#include "coordinate/resources/resources.h"

namespace assay::coordinate {
namespace {

class StoreResources final : public ResourceCoordinator {
 public:
  explicit StoreResources(store::Store& store) : store_(store) {}
  bool acquire(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) override {
    return store_.acquire_resources(holder, requests, ttl_ms);
  }
  void renew(std::span<const std::string_view> holders, int64_t ttl_ms) override {
    if (!holders.empty()) store_.renew_resources(holders, ttl_ms);
  }
  void release(std::string_view holder) override { store_.release_resources(holder); }
  uint64_t in_use(std::string_view key) override { return store_.resources_in_use(key); }

 private:
  store::Store& store_;
};

}  // namespace

std::unique_ptr<ResourceCoordinator> store_resources(store::Store& store) {
  return std::make_unique<StoreResources>(store);
}

}  // namespace assay::coordinate
