#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

/// The pieces of a SARIF 2.1.0 log (OASIS Standard, "Static Analysis Results Interchange Format"), as JSON objects.
namespace assay::cli::sarif {

/// `path` as a URI (RFC 3986): every byte that is not unreserved is percent-encoded, so that any file name survives.
/// An absolute path becomes file:///...; a relative one stays relative and loses a leading "./".
std::string uri_of(std::string_view path);

/// "error" for critical and high, "warning" for medium, "note" for low.
std::string_view level_of(model::Sensitivity sensitivity) noexcept;

/// A reportingDescriptor.
boost::json::object descriptor(const model::Rule& rule);

/// A result. `rule_index` is the place of its rule in the driver's list, or -1. The message never holds the value.
boost::json::object result(const model::Finding& finding, int rule_index, bool reveal);
boost::json::object result(const model::ColumnFinding& column, int rule_index);

/// A notification that an object or member was not read in full.
boost::json::object notification(const model::ObjectRecord& record);
/// A notification about the report itself.
boost::json::object notification(std::string_view id, const std::string& message);

}  // namespace assay::cli::sarif
