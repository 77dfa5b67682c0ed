#pragma once

#include <string>

#include "coordinate/random.h"
#include "store/store.h"

namespace assay::coordinate {

/// This process, alive once: a new id with each call. An empty name becomes host-pid.
store::ProcessIdentity this_process(const std::string& name, const std::string& node_group, Random& random);

}  // namespace assay::coordinate
