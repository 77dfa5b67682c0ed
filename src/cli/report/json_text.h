#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace assay::cli {

/// `value` as JSON on one line. Numbers are written as people write them (0.95, not 9.5E-1).
std::string to_text(const boost::json::value& value);

}  // namespace assay::cli
