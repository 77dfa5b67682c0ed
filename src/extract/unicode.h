#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// Appends one code point; surrogates and values past U+10FFFF become U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

/// Decodes UTF-16 without looking for a byte order mark. Lone surrogates become U+FFFD; an odd last byte is dropped.
std::string utf16le_to_utf8(std::string_view bytes);
std::string utf16be_to_utf8(std::string_view bytes);

/// Windows-1252 as the WHATWG Encoding Standard has it: every byte maps to something.
std::string windows1252_to_utf8(std::string_view bytes);

/// One byte of Windows-1252.
char16_t windows1252_unit(uint8_t byte) noexcept;

/// The same text with each maximal invalid piece replaced by U+FFFD.
std::string valid_utf8(std::string_view maybe_utf8);

bool is_valid_utf8(std::string_view bytes) noexcept;

/// Length of the well-formed UTF-8 sequence at the start of `bytes` (Unicode, table 3-7), 0 when there is none.
size_t utf8_sequence_length(std::string_view bytes) noexcept;

}  // namespace assay::extract
