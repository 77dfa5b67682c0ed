#pragma once

#include <string>
#include <string_view>

#include "connect/connector_kind.h"

namespace assay::scan {

/// A source's address as JSON, as datasources.configuration and jobs hold it: roots, settings, include, exclude. Bytes
/// of a root that are no UTF-8 are kept (core/path_text.h).
std::string to_json(const connect::SourceAddress& address);
/// Throws core::Error(bad_input) naming the key that is unknown or of the wrong type.
connect::SourceAddress source_address_from_json(std::string_view json);

}  // namespace assay::scan
