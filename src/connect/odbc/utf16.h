#pragma once

#include <string>
#include <string_view>

namespace assay::connect::odbc {

/// Driver managers and drivers take texts for UTF-16 and nothing else whatever the locale says. What is no UTF-8, and
/// halves of surrogate pairs, become U+FFFD.
std::u16string to_utf16(std::string_view utf8);
std::string to_utf8(std::u16string_view utf16);

}  // namespace assay::connect::odbc
