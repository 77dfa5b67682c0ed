#include "core/printable.h"

#include <fmt/format.h>

namespace assay::core {
namespace {

// Length of the UTF-8 character at the front (RFC 3629); 0 when it is none.
size_t character_at(std::string_view s) {
  const auto lead = static_cast<unsigned char>(s[0]);
  if (lead < 0x80) return 1;
  const size_t n = lead >= 0xC2 && lead < 0xE0   ? 2
                   : lead >= 0xE0 && lead < 0xF0 ? 3
                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                 : 0;
  if (n == 0 || s.size() < n) return 0;
  for (size_t i = 1; i < n; ++i)
    if ((static_cast<unsigned char>(s[i]) & 0xC0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(s[1]);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) || (lead == 0xF0 && second < 0x90) ||
      (lead == 0xF4 && second >= 0x90))
    return 0;
  return n;
}

// C0, DEL and C1 controls, and the marks that reorder text on a terminal.
bool is_control(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  if (character.size() == 2) return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character == "\u200e" || character == "\u200f" || (character >= "\u202a" && character <= "\u202e") ||
         (character >= "\u2066" && character <= "\u2069") || character == "\u2028" || character == "\u2029";
}

}  // namespace

std::string printable(std::string_view bytes, size_t max_bytes) {
  std::string out;
  while (!bytes.empty()) {
    if (out.size() > max_bytes) return out + "...";
    const size_t n = character_at(bytes);
    const std::string_view piece = bytes.substr(0, n == 0 ? 1 : n);
    if (n == 0 || is_control(piece)) {
      for (char c : piece) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += piece;
    }
    bytes.remove_prefix(piece.size());
  }
  return out;
}

}  // namespace assay::core
