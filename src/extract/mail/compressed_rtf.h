#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::extract {

/// Undoes the compression of message bodies ([MS-OXRTFCP]). What a damaged stream held before the damage is returned;
/// nullopt when the bytes are of another kind or promise more than `max_bytes`.
std::optional<std::string> decompress_rtf(std::string_view bytes, size_t max_bytes);

}  // namespace assay::extract
