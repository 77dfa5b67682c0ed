#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "store/store.h"

namespace assay::coordinate {

using ResourceRequest = store::Store::ResourceRequest;

/// Who may use how much of what, across processes: amounts of named resources, each with a limit, held for a time.
/// Whoever does not renew loses them, so that a dead holder blocks nobody for longer than its time. Thread-safe.
/// Operations may throw core::Error(transient) when the backend does not answer; nothing was acquired then for longer
/// than the time asked for.
class ResourceCoordinator {
 public:
  virtual ~ResourceCoordinator() = default;

  /// All or nothing: afterwards the holder holds so much of each resource named, for `ttl_ms`, instead of what it held
  /// of them before; what it holds of others stays. Or false, and nothing has changed: of one of them, all holders
  /// together would have more than its limit. A limit of 0 is none.
  virtual bool acquire(std::string_view holder, std::span<const ResourceRequest> requests, int64_t ttl_ms) = 0;
  /// Holders that hold nothing any more stay without.
  virtual void renew(std::span<const std::string_view> holders, int64_t ttl_ms) = 0;
  virtual void release(std::string_view holder) = 0;
  virtual uint64_t in_use(std::string_view key) = 0;
};

/// For one process; nothing outlives it.
std::unique_ptr<ResourceCoordinator> memory_resources(const core::Clock& clock);
/// For processes around one store, which must outlive it.
std::unique_ptr<ResourceCoordinator> store_resources(store::Store& store);

struct RedisOptions {
  std::string url;  ///< redis://[:password@]host[:port][/database]
  int64_t timeout_ms = 2'000;
  std::string prefix = "assay:";  ///< of all keys
};
/// For processes around one Redis (6 or newer). Connects when first used, and again after a lost connection. Throws
/// core::Error(bad_input) for a URL that is none.
std::unique_ptr<ResourceCoordinator> redis_resources(const RedisOptions& options);

}  // namespace assay::coordinate
