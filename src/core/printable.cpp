#include "core/printable.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"

namespace assay::core {
namespace {

constexpr std::string_view cut_mark = "...";
constexpr size_t written_out_bytes = 4;  // \xNN

// C0, DEL and C1 controls, and the marks that reorder text on a terminal.
bool is_control(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead < 0x20 || lead == 0x7F;
  if (character.size() == 2) return lead == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character == "\u200e" || character == "\u200f" || (character >= "\u202a" && character <= "\u202e") ||
         (character >= "\u2066" && character <= "\u2069") || character == "\u2028" || character == "\u2029";
}

bool is_plain(char c) { return static_cast<unsigned char>(c - 0x20) < 0x7F - 0x20; }

/// How many characters stand at the beginning that are ASCII and stay as they are: nearly always all there are.
size_t plain_bytes(std::string_view bytes) {
  return static_cast<size_t>(std::ranges::find_if_not(bytes, is_plain) - bytes.begin());
}

}  // namespace

// Without a way out in between, so that many bytes are looked at together.
bool is_printable(std::string_view bytes, size_t max_bytes) {
  bool all = bytes.size() <= max_bytes;
  for (const char c : bytes.substr(0, max_bytes)) all &= is_plain(c);
  return all;
}

std::string printable(std::string_view bytes, size_t max_bytes) {
  if (is_printable(bytes, max_bytes)) return std::string(bytes);
  const size_t most_before_dots = max_bytes - std::min(max_bytes, cut_mark.size());
  std::string out;
  size_t kept = 0;  // where the last piece ended that leaves room for the mark
  while (!bytes.empty()) {
    if (const size_t plain = plain_bytes(bytes.substr(0, max_bytes - out.size())); plain != 0) {
      if (out.size() <= most_before_dots) kept = std::min(out.size() + plain, most_before_dots);
      out += bytes.substr(0, plain);
      bytes.remove_prefix(plain);
      continue;
    }
    const size_t n = utf8_character_bytes(bytes);
    const std::string_view piece = bytes.substr(0, n == 0 ? 1 : n);
    const bool is_written_out = n == 0 || is_control(piece);
    const size_t written_bytes = is_written_out ? piece.size() * written_out_bytes : piece.size();
    if (written_bytes > max_bytes - out.size()) {
      out.resize(kept);
      return out += cut_mark;
    }
    if (is_written_out) {
      for (char c : piece) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += piece;
    }
    bytes.remove_prefix(piece.size());
    if (out.size() <= most_before_dots) kept = out.size();
  }
  return out;
}

}  // namespace assay::core
