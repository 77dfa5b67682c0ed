#pragma once

#include <map>
#include <string>

#include "coordinate/handler.h"

namespace assay::scan {

/// How outputs of a scan's tasks become tasks, by kind; for the orchestrator.
std::map<std::string, coordinate::Packing, std::less<>> packing();

}  // namespace assay::scan
