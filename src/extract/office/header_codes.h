#pragma once

#include <string>
#include <string_view>

namespace assay::extract {

/// A sheet's header or footer as it is seen: without the codes of its fonts, colours and fields, each of its sections
/// on a line of its own. ECMA-376-1, 18.3.1.39 (evenHeader) and 18.3.1.46 (firstHeader).
std::string without_header_codes(std::string_view text);

}  // namespace assay::extract
