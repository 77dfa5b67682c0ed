#include "connect/odbc/utf16.h"

#include <cstdint>

namespace assay::connect::odbc {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// One character of UTF-8 (Unicode, table 3-7); moves `at` behind it, or behind one byte of what is none.
char32_t next_of(std::string_view text, size_t& at) {
  const auto first = static_cast<uint8_t>(text[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF5   ? 3
                   : first >= 0xE0 && first < 0xF0 ? 2
                   : first >= 0xC2 && first < 0xE0 ? 1
                                                   : 0;
  if (more == 0 || at + static_cast<size_t>(more) > text.size()) return replacement;
  char32_t c = first & (0x3FU >> more);
  for (int i = 0; i < more; ++i) {
    const auto byte = static_cast<uint8_t>(text[at + static_cast<size_t>(i)]);
    if ((byte & 0xC0) != 0x80) return replacement;
    c = c << 6 | (byte & 0x3FU);
  }
  const bool is_short = (more == 2 && c < 0x800) || (more == 3 && c < 0x10000);
  if (is_short || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return replacement;
  at += static_cast<size_t>(more);
  return c;
}

void append(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
            static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

}  // namespace

std::u16string to_utf16(std::string_view utf8) {
  std::u16string out;
  out.reserve(utf8.size());
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = next_of(utf8, at);
    if (c < 0x10000) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

std::string to_utf8(std::u16string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (size_t i = 0; i < utf16.size(); ++i) {
    const char32_t unit = utf16[i];
    if (unit < 0x80) {
      out += static_cast<char>(unit);
      continue;
    }
    const bool is_pair =
        unit >= 0xD800 && unit < 0xDC00 && i + 1 < utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000;
    if (is_pair) append(0x10000 + ((unit - 0xD800) << 10) + (utf16[++i] - 0xDC00U), out);
    else append(unit >= 0xD800 && unit < 0xE000 ? replacement : unit, out);
  }
  return out;
}

}  // namespace assay::connect::odbc
