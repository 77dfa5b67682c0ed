#pragma once

#include <boost/json.hpp>

#include "model/table_profile.h"

namespace assay::cli {

/// A table's profile with its score, as docs/output.md describes it. `now_s`, since 1970: what freshness is told from.
boost::json::object to_json(const model::TableProfile& profile, int64_t now_s);

}  // namespace assay::cli
