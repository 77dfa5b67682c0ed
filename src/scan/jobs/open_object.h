#pragma once

#include <string>

#include "connect/connector.h"
#include "scan/object_scanner.h"

namespace assay::scan {

/// What a source opened as a descriptor, for an examiner.
OpenObject open_object(std::string path, connect::OpenedObject& opened);

/// The last part of an object's name.
std::string last_name(const std::string& name);

}  // namespace assay::scan
