#include "classify/validators/secret_base64.h"

#include <algorithm>
#include <cstdint>

#include "classify/validators/secret_text.h"

namespace assay::classify {

namespace {

int sextet(char c) noexcept {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_decimal(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

bool is_white_space(char c) noexcept { return c == '\t' || c == '\r' || c == '\n'; }

/// Bytes of the character of UTF-8 that begins with `first` (RFC 3629, section 4), 0 where none begins so.
size_t utf8_length(unsigned char first) noexcept {
  if (first < 0x80U) return 1;
  if (first < 0xc2U || first > 0xf4U) return 0;
  return first < 0xe0U ? 2 : first < 0xf0U ? 3 : 4;
}

}  // namespace

Base64Head::Base64Head(std::string_view encoded) noexcept {
  while (encoded.ends_with('=')) encoded.remove_suffix(1);
  uint32_t bits = 0;
  int held = 0;
  for (const char c : encoded) {
    const int value = sextet(c);
    if (value < 0 || size_ == room_bytes) {
      clean_ = false;
      return;
    }
    bits = (bits << 6) | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    decoded_[size_++] = static_cast<char>((bits >> held) & 0xffU);
  }
}

bool Base64Head::printable() const noexcept {
  return size_ != 0 && std::ranges::all_of(bytes(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool Base64Head::readable() const noexcept {
  for (size_t i = 0; i < size_;) {
    const char first = decoded_[i];
    const size_t length = utf8_length(static_cast<unsigned char>(first));
    if (length == 0 || first == '\x7f' || (first >= 0 && first < ' ' && !is_white_space(first))) return false;
    const size_t end = std::min(i + length, size_);
    if (i + length > size_ && size_ != room_bytes) return false;
    while (++i < end)
      if ((static_cast<unsigned char>(decoded_[i]) & 0xc0U) != 0x80U) return false;
  }
  return size_ != 0;
}

}  // namespace assay::classify
