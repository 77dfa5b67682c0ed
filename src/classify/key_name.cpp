#include <algorithm>

#include "classify/byte_set.h"
#include "classify/scorer.h"

namespace assay::classify {
namespace {

constexpr size_t max_gap = 12;
constexpr size_t max_key = 64;

bool is_key_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '.' || static_cast<uint8_t>(c) >= 0x80;
}

constexpr ByteSet bytes_of(std::string_view bytes) {
  ByteSet set;
  for (const char c : bytes) set.add(static_cast<uint8_t>(c));
  return set;
}
// What may stand between a sign and its value, and between a key and its sign.
constexpr ByteSet before_value = bytes_of(" \t\"'`([{"), behind_key = bytes_of(" \t\"'`])");

bool is_in(const ByteSet& set, char c) { return set.has(static_cast<uint8_t>(c)); }

// The name of the tag that ends at text[close], which is '>'.
std::string_view tag_name(std::string_view text, size_t close) {
  const size_t low = close > 96 ? close - 96 : 0;
  for (size_t i = close; i > low; --i) {
    const char c = text[i - 1];
    if (c == '>' || c == '\n') return {};
    if (c != '<') continue;
    size_t end = i;
    while (end < close && (is_key_byte(text[end]) || text[end] == ':')) ++end;
    std::string_view name = text.substr(i, end - i);
    if (const size_t colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
    return name;
  }
  return {};
}

}  // namespace

std::string_view key_before(std::string_view text, size_t begin) {
  size_t at = begin;
  const size_t low = begin > max_gap ? begin - max_gap : 0;
  while (at > low && is_in(before_value, text[at - 1])) --at;
  if (at == 0) return {};
  const char sign = text[at - 1];
  if (sign == '>' && at >= 2 && text[at - 2] != '=' && text[at - 2] != '-') return tag_name(text, at - 1);
  if (sign == '>' && at >= 2) at -= 2;  // => and ->
  else if (sign == ':' || sign == '=') at -= 1 + (at >= 2 && (text[at - 2] == ':' || text[at - 2] == '=') ? 1 : 0);
  else if (sign == '#' && at >= 2) at -= 1;  // "Passport # 123"
  else return {};
  const size_t key_low = at > max_key + 4 ? at - max_key - 4 : 0;
  while (at > key_low && is_in(behind_key, text[at - 1])) --at;
  const size_t end = at;
  // Words separated by single blanks belong together: "Social Security Number: ".
  while (at > key_low && (is_key_byte(text[at - 1]) || (text[at - 1] == ' ' && at >= 2 && is_key_byte(text[at - 2]))))
    --at;
  return text.substr(at, end - at);
}

}  // namespace assay::classify
