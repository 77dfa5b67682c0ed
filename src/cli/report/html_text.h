#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace assay::cli::html {

/// `text` for an element or a quoted attribute. Bytes that are no UTF-8 and control characters are shown as \xNN; at
/// most `max_bytes`, cut with "..." behind.
std::string escape(std::string_view text, size_t max_bytes = 8192);

/// JSON for a <script type="application/json"> block: nothing in it can end the element or begin another.
std::string script_json(const boost::json::value& value);

/// What allows this one inline script or style under a Content-Security-Policy: 'sha256-...' (W3C CSP Level 3).
std::string csp_hash(std::string_view inline_text);

}  // namespace assay::cli::html
