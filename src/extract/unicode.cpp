#include "extract/unicode.h"

#include <array>
#include <cstring>

namespace assay::extract {
namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr std::array<char16_t, 32> windows1252_c1 = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                     0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

template <bool big_endian>
std::string utf16_to_utf8(std::string_view bytes) {
  auto unit = [&](size_t i) -> char32_t {
    const auto first = static_cast<uint8_t>(bytes[i]);
    const auto second = static_cast<uint8_t>(bytes[i + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  std::string out;
  out.reserve(bytes.size() / 2);
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    char32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size()) {
      const char32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    append_utf8(out, c);
  }
  return out;
}

bool in_range(char c, uint8_t low, uint8_t high) {
  const auto byte = static_cast<uint8_t>(c);
  return byte >= low && byte <= high;
}

}  // namespace

void append_utf8(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = replacement;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string utf16le_to_utf8(std::string_view bytes) { return utf16_to_utf8<false>(bytes); }
std::string utf16be_to_utf8(std::string_view bytes) { return utf16_to_utf8<true>(bytes); }

std::string windows1252_to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) append_utf8(out, windows1252_unit(static_cast<uint8_t>(c)));
  return out;
}

char16_t windows1252_unit(uint8_t byte) noexcept {
  return byte >= 0x80 && byte < 0xA0 ? windows1252_c1[byte - 0x80] : byte;
}

size_t utf8_sequence_length(std::string_view bytes) noexcept {
  if (bytes.empty()) return 0;
  const auto lead = static_cast<uint8_t>(bytes[0]);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes.size() < length) return 0;
  const uint8_t second_low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t second_high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!in_range(bytes[1], second_low, second_high)) return 0;
  for (size_t i = 2; i < length; ++i)
    if (!in_range(bytes[i], 0x80, 0xBF)) return 0;
  return length;
}

namespace {

/// How many bytes at the beginning are ASCII, eight at a time: nearly all that is asked about is.
size_t ascii_bytes(std::string_view bytes) {
  constexpr uint64_t high_bits = 0x8080808080808080;
  size_t n = 0;
  for (uint64_t eight = 0; n + sizeof eight <= bytes.size(); n += sizeof eight) {
    std::memcpy(&eight, bytes.data() + n, sizeof eight);
    if ((eight & high_bits) != 0) break;
  }
  while (n < bytes.size() && static_cast<uint8_t>(bytes[n]) < 0x80) ++n;
  return n;
}

}  // namespace

bool is_valid_utf8_beyond_ascii(std::string_view bytes) noexcept {
  for (;;) {
    bytes.remove_prefix(ascii_bytes(bytes));
    if (bytes.empty()) return true;
    const size_t length = utf8_sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
}

std::string valid_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  bool in_invalid = false;
  while (!bytes.empty()) {
    const size_t length = utf8_sequence_length(bytes);
    if (length == 0) {
      if (!in_invalid) append_utf8(out, replacement);
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
    in_invalid = length == 0;
  }
  return out;
}

}  // namespace assay::extract
