#pragma once

#include <cstdint>
#include <cstring>
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

/// Inline, as the next one is, since it is asked of each of many short cells.
inline bool is_ascii(std::string_view bytes) noexcept {
  const auto at = [&bytes]<typename Word>(Word word, size_t place) {
    std::memcpy(&word, bytes.data() + place, sizeof word);
    return word;
  };
  constexpr uint64_t high_bits = 0x8080808080808080;
  const size_t size = bytes.size();
  uint64_t seen = 0;
  if (size >= sizeof(uint64_t)) {
    for (size_t i = 0; i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) seen |= at(uint64_t{}, i);
    seen |= at(uint64_t{}, size - sizeof(uint64_t));  // some of them again
  } else if (size >= sizeof(uint32_t)) {
    seen = at(uint32_t{}, 0) | at(uint32_t{}, size - sizeof(uint32_t));
  } else {
    for (const char c : bytes) seen |= static_cast<uint8_t>(c);
  }
  return (seen & high_bits) == 0;
}

bool is_valid_utf8_beyond_ascii(std::string_view bytes) noexcept;
inline bool is_valid_utf8(std::string_view bytes) noexcept {
  return is_ascii(bytes) || is_valid_utf8_beyond_ascii(bytes);
}

/// Length of the well-formed UTF-8 sequence at the start of `bytes` (Unicode, table 3-7), 0 when there is none.
size_t utf8_sequence_length(std::string_view bytes) noexcept;

}  // namespace assay::extract
