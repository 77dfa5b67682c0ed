#pragma once

#include <string>
#include <vector>

#include "connect/connector_kind.h"

namespace assay::cli {

/// The kind of source that these PATHs or URLs name, all the same one; "files" for paths. Throws
/// core::Error(bad_input) for URLs of several kinds, and for a scheme that is unknown unless a file is named so.
std::string kind_of_roots(const connect::ConnectorKinds& kinds, const std::vector<std::string>& roots);

/// Adds KEY=VALUE texts to the settings. Throws core::Error(bad_input) for one without "=", or a key given twice.
void add_settings(connect::SourceAddress& address, const std::vector<std::string>& settings);

}  // namespace assay::cli
