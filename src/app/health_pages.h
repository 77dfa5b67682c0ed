#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/metrics.h"
#include "extract/sandbox/status.h"
#include "server/listener.h"
#include "store/store.h"

namespace assay::app {

/// What the pages of a process tell of. All of it must outlive the listener that serves them.
struct HealthFacts {
  store::Store& store;
  store::StoreOptions store_options;
  core::Metrics& metrics;
  std::string node_group;
  std::string role;
  std::string version;
  sandbox::SandboxStatus sandbox;
  std::function<bool()> is_healthy;  ///< false: the process should be replaced
};

/// /metrics, /health/live and /health/ready.
std::map<std::string, server::PageSource, std::less<>> health_pages(const HealthFacts& facts);

}  // namespace assay::app
