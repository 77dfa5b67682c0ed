#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::model {

/// Bounds on what Assay may ask of a datasource at a time. 0: no bound.
struct Budget {
  uint32_t concurrent_tasks = 0;
  uint32_t connections = 0;
  uint64_t bytes_per_s = 0;
  uint64_t memory_bytes = 0;
  bool operator==(const Budget&) const = default;
};

/// A place where data lives.
struct Datasource {
  int64_t id = 0;
  std::string name;  ///< unique
  std::string kind;  ///< "files"
  std::string node_group = "default";
  std::string configuration;  ///< JSON, by kind; for files {"paths": [...], "include": [...], "exclude": [...]}
  Budget budget;
  bool enabled = true;
};

/// The circuit breaker of a datasource: after repeated failures its tasks wait.
enum class BreakerState : uint8_t { closed, open, half_open };

}  // namespace assay::model
