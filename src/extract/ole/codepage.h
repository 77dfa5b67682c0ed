#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// Decodes text of a Windows code page (1200 is UTF-16LE, 65001 UTF-8) to UTF-8. An unknown page is read as 1252.
std::string codepage_to_utf8(std::string_view bytes, uint32_t codepage);

}  // namespace assay::extract
