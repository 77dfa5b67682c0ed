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

}  // namespace assay::classify
