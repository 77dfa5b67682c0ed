#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace assay::classify {

/// How often `byte` occurs. Written so that the compiler vectorises it.
inline size_t count_byte(std::string_view text, char byte) {
  size_t total = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.size(), at + 255);
    unsigned char block = 0;
    for (; at < end; ++at) block = static_cast<unsigned char>(block + (text[at] == byte ? 1 : 0));
    total += block;
  }
  return total;
}

/// Code points of UTF-8 text: bytes that do not continue a character.
inline size_t count_code_points(std::string_view text) {
  size_t total = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.size(), at + 255);
    unsigned char block = 0;
    for (; at < end; ++at)
      block = static_cast<unsigned char>(block + (static_cast<signed char>(text[at]) >= -64 ? 1 : 0));
    total += block;
  }
  return total;
}

}  // namespace assay::classify
