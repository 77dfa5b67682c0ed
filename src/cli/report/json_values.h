#pragma once

#include <boost/json.hpp>

#include "model/finding.h"
#include "scan/scan.h"

namespace assay::cli {

/// The JSON forms that every JSON-like format shares; docs/output.md lists their keys. Paths are printable UTF-8.
boost::json::object to_json(const model::Finding& finding, bool reveal);
boost::json::object to_json(const model::ColumnFinding& column);
boost::json::object to_json(const model::ObjectRecord& record);
boost::json::object to_json(const scan::ScanSummary& summary);

}  // namespace assay::cli
