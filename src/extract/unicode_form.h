#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::extract {

/// Encoding forms of Unicode that can be told from the first bytes.
enum class UnicodeForm : uint8_t { none, utf8, utf16le, utf16be, utf32le, utf32be };

struct UnicodeGuess {
  UnicodeForm form = UnicodeForm::none;  ///< `none`: no byte order mark, and not UTF-16 or UTF-32
  size_t bom_bytes = 0;                  ///< 0 when there is no byte order mark
};

/// Judges by the byte order mark, else by where the zero bytes are. UTF-8 is reported only with its mark.
UnicodeGuess guess_unicode(std::string_view head);

/// ASCII as it is and '?' for all else: what a look at the structure of a UTF-16 or UTF-32 head needs.
std::string narrow_to_ascii(std::string_view head, UnicodeForm form);

}  // namespace assay::extract
