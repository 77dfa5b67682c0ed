#pragma once

#include <memory>

#include "connect/connector_kind.h"

namespace assay::connect::files {

/// The name of a root that is standard input, and of the one object that it has.
inline constexpr std::string_view standard_input = "-";

/// Trees of files: local disks, and whatever is mounted. Roots are paths.
const ConnectorKind& files_kind();

}  // namespace assay::connect::files
