#include "extract/unicode_form.h"

#include <algorithm>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t sample_bytes = 4096;

uint32_t unit_at(std::string_view bytes, size_t at, size_t width, bool big_endian) {
  uint32_t unit = 0;
  for (size_t i = 0; i < width; ++i) {
    const size_t from = big_endian ? at + i : at + width - 1 - i;
    unit = unit << 8 | static_cast<uint8_t>(bytes[from]);
  }
  return unit;
}

bool is_plain_ascii(uint32_t unit) {
  return (unit >= 0x20 && unit < 0x7F) || unit == '\t' || unit == '\n' || unit == '\r';
}

bool is_implausible(uint32_t unit, bool after_high_surrogate) {
  if (unit < 0x20) return !is_plain_ascii(unit) && unit != '\f' && unit != 0x1B;
  if (unit >= 0x7F && unit < 0xA0) return unit != 0x85;
  const bool low_surrogate = unit >= 0xDC00 && unit < 0xE000;
  if (low_surrogate != after_high_surrogate) return true;
  return (unit >= 0xE000 && unit < 0xF900) || (unit >= 0xFDD0 && unit < 0xFDF0) || (unit & 0xFFFE) == 0xFFFE ||
         unit > 0x10FFFF;
}

/// The number of plain ASCII units when nearly all units could be text, else 0.
size_t score_units(std::string_view bytes, size_t width, bool big_endian) {
  size_t ascii = 0, implausible = 0, units = 0;
  bool after_high = false;
  for (size_t at = 0; at + width <= bytes.size(); at += width, ++units) {
    const uint32_t unit = unit_at(bytes, at, width, big_endian);
    ascii += is_plain_ascii(unit);
    implausible += is_implausible(unit, after_high);
    after_high = width == 2 && unit >= 0xD800 && unit < 0xDC00;
  }
  const bool enough_ascii = units >= 8 ? ascii * 32 >= units : ascii == units && units > 1;
  return enough_ascii && implausible * 64 <= units ? ascii : 0;
}

/// True when the bytes would be good text but for a few zeros, as a crash or a careless program leaves them.
bool is_text_with_zeros(std::string_view sample) {
  std::string rest(sample);
  const auto zeros = static_cast<size_t>(std::erase(rest, '\0'));
  if (zeros * 4 > sample.size()) return false;
  constexpr size_t cut_sequence_bytes = 3;
  for (size_t i = 0; i < cut_sequence_bytes && !rest.empty() && (rest.back() & 0x80) != 0; ++i) rest.pop_back();
  const auto controls = std::ranges::count_if(
      rest, [](char c) { return static_cast<uint8_t>(c) < 0x20 && !is_plain_ascii(static_cast<uint8_t>(c)); });
  // In two bytes a letter of most alphabets takes one of them for every second byte.
  return static_cast<size_t>(controls) * 16 <= rest.size() && is_valid_utf8(rest);
}

}  // namespace

UnicodeGuess guess_unicode(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xEF\xBB\xBF"sv)) return {UnicodeForm::utf8, 3};
  if (head.starts_with("\xFF\xFE\0\0"sv)) return {UnicodeForm::utf32le, 4};
  if (head.starts_with("\0\0\xFE\xFF"sv)) return {UnicodeForm::utf32be, 4};
  if (head.starts_with("\xFF\xFE"sv)) return {UnicodeForm::utf16le, 2};
  if (head.starts_with("\xFE\xFF"sv)) return {UnicodeForm::utf16be, 2};
  const std::string_view sample = head.substr(0, sample_bytes);
  if (sample.find('\0') == std::string_view::npos) return {};
  if (is_text_with_zeros(sample)) return {};
  if (score_units(sample, 4, false) > 0) return {UnicodeForm::utf32le, 0};
  if (score_units(sample, 4, true) > 0) return {UnicodeForm::utf32be, 0};
  const size_t little = score_units(sample, 2, false);
  const size_t big = score_units(sample, 2, true);
  if (little == 0 && big == 0) return {};
  return {little >= big ? UnicodeForm::utf16le : UnicodeForm::utf16be, 0};
}

std::string narrow_to_ascii(std::string_view head, UnicodeForm form) {
  const bool big_endian = form == UnicodeForm::utf16be || form == UnicodeForm::utf32be;
  const size_t width = form == UnicodeForm::utf16le || form == UnicodeForm::utf16be ? 2 : 4;
  std::string narrow;
  narrow.reserve(head.size() / width);
  for (size_t at = 0; at + width <= head.size(); at += width) {
    const uint32_t unit = unit_at(head, at, width, big_endian);
    narrow.push_back(unit < 0x80 ? static_cast<char>(unit) : '?');
  }
  return narrow;
}

}  // namespace assay::extract
