#pragma once

#include <boost/json.hpp>

#include "cli/report/json_text.h"
#include "model/finding.h"
#include "scan/scan.h"

namespace assay::cli {

/// The JSON forms that every JSON-like format shares; docs/output.md lists their keys. Paths are printable UTF-8.
void add_members(const model::Finding& finding, bool reveal, JsonObjectText& object);
boost::json::object to_json(const model::ColumnFinding& column);
boost::json::object to_json(const model::ObjectRecord& record);
boost::json::object to_json(const scan::ScanSummary& summary);

}  // namespace assay::cli
