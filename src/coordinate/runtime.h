#pragma once

#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"
#include "store/store.h"

namespace assay::coordinate {

/// What everything here works with. All of it must outlive those who were given it.
struct Runtime {
  store::Store& store;
  const core::Clock& clock;
  core::Metrics& metrics;
  core::Log log;
};

}  // namespace assay::coordinate
