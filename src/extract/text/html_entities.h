#pragma once

#include <string>
#include <string_view>

namespace assay::extract {

/// The longest reference that decode_entity understands, without '&' and ';'.
inline constexpr size_t max_entity_bytes = 32;

/// Appends what a character reference stands for (HTML 4.01, section 24, and numeric ones); false when `name` (without
/// '&' and ';') is none. A reference to a line end gives a space, so that lines stay those of the file.
bool append_entity(std::string& out, std::string_view name);

}  // namespace assay::extract
