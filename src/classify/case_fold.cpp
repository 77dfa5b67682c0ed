#include "classify/case_fold.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace assay::classify {
namespace {

/// Every `stride`th character from `first` to `last` folds to the one `shift` behind it.
struct FoldRange {
  uint32_t first, last, stride;
  int32_t shift;
};

// CaseFolding.txt of Unicode 14, states C and S, where both characters have as many bytes in UTF-8 and more than one.
constexpr auto ranges = std::to_array<FoldRange>({
    {0x00B5, 0x00B5, 1, 775},    {0x00C0, 0x00D6, 1, 32},     {0x00D8, 0x00DE, 1, 32},    {0x0100, 0x012E, 2, 1},
    {0x0132, 0x0136, 2, 1},      {0x0139, 0x0147, 2, 1},      {0x014A, 0x0176, 2, 1},     {0x0178, 0x0178, 1, -121},
    {0x0179, 0x017D, 2, 1},      {0x0181, 0x0181, 1, 210},    {0x0182, 0x0184, 2, 1},     {0x0186, 0x0186, 1, 206},
    {0x0187, 0x0187, 1, 1},      {0x0189, 0x018A, 1, 205},    {0x018B, 0x018B, 1, 1},     {0x018E, 0x018E, 1, 79},
    {0x018F, 0x018F, 1, 202},    {0x0190, 0x0190, 1, 203},    {0x0191, 0x0191, 1, 1},     {0x0193, 0x0193, 1, 205},
    {0x0194, 0x0194, 1, 207},    {0x0196, 0x0196, 1, 211},    {0x0197, 0x0197, 1, 209},   {0x0198, 0x0198, 1, 1},
    {0x019C, 0x019C, 1, 211},    {0x019D, 0x019D, 1, 213},    {0x019F, 0x019F, 1, 214},   {0x01A0, 0x01A4, 2, 1},
    {0x01A6, 0x01A6, 1, 218},    {0x01A7, 0x01A7, 1, 1},      {0x01A9, 0x01A9, 1, 218},   {0x01AC, 0x01AC, 1, 1},
    {0x01AE, 0x01AE, 1, 218},    {0x01AF, 0x01AF, 1, 1},      {0x01B1, 0x01B2, 1, 217},   {0x01B3, 0x01B5, 2, 1},
    {0x01B7, 0x01B7, 1, 219},    {0x01B8, 0x01B8, 1, 1},      {0x01BC, 0x01BC, 1, 1},     {0x01C4, 0x01C4, 1, 2},
    {0x01C5, 0x01C5, 1, 1},      {0x01C7, 0x01C7, 1, 2},      {0x01C8, 0x01C8, 1, 1},     {0x01CA, 0x01CA, 1, 2},
    {0x01CB, 0x01DB, 2, 1},      {0x01DE, 0x01EE, 2, 1},      {0x01F1, 0x01F1, 1, 2},     {0x01F2, 0x01F4, 2, 1},
    {0x01F6, 0x01F6, 1, -97},    {0x01F7, 0x01F7, 1, -56},    {0x01F8, 0x021E, 2, 1},     {0x0220, 0x0220, 1, -130},
    {0x0222, 0x0232, 2, 1},      {0x023B, 0x023B, 1, 1},      {0x023D, 0x023D, 1, -163},  {0x0241, 0x0241, 1, 1},
    {0x0243, 0x0243, 1, -195},   {0x0244, 0x0244, 1, 69},     {0x0245, 0x0245, 1, 71},    {0x0246, 0x024E, 2, 1},
    {0x0345, 0x0345, 1, 116},    {0x0370, 0x0372, 2, 1},      {0x0376, 0x0376, 1, 1},     {0x037F, 0x037F, 1, 116},
    {0x0386, 0x0386, 1, 38},     {0x0388, 0x038A, 1, 37},     {0x038C, 0x038C, 1, 64},    {0x038E, 0x038F, 1, 63},
    {0x0391, 0x03A1, 1, 32},     {0x03A3, 0x03AB, 1, 32},     {0x03C2, 0x03C2, 1, 1},     {0x03CF, 0x03CF, 1, 8},
    {0x03D0, 0x03D0, 1, -30},    {0x03D1, 0x03D1, 1, -25},    {0x03D5, 0x03D5, 1, -15},   {0x03D6, 0x03D6, 1, -22},
    {0x03D8, 0x03EE, 2, 1},      {0x03F0, 0x03F0, 1, -54},    {0x03F1, 0x03F1, 1, -48},   {0x03F4, 0x03F4, 1, -60},
    {0x03F5, 0x03F5, 1, -64},    {0x03F7, 0x03F7, 1, 1},      {0x03F9, 0x03F9, 1, -7},    {0x03FA, 0x03FA, 1, 1},
    {0x03FD, 0x03FF, 1, -130},   {0x0400, 0x040F, 1, 80},     {0x0410, 0x042F, 1, 32},    {0x0460, 0x0480, 2, 1},
    {0x048A, 0x04BE, 2, 1},      {0x04C0, 0x04C0, 1, 15},     {0x04C1, 0x04CD, 2, 1},     {0x04D0, 0x052E, 2, 1},
    {0x0531, 0x0556, 1, 48},     {0x10A0, 0x10C5, 1, 7264},   {0x10C7, 0x10C7, 1, 7264},  {0x10CD, 0x10CD, 1, 7264},
    {0x13F8, 0x13FD, 1, -8},     {0x1C88, 0x1C88, 1, 35267},  {0x1C90, 0x1CBA, 1, -3008}, {0x1CBD, 0x1CBF, 1, -3008},
    {0x1E00, 0x1E94, 2, 1},      {0x1E9B, 0x1E9B, 1, -58},    {0x1EA0, 0x1EFE, 2, 1},     {0x1F08, 0x1F0F, 1, -8},
    {0x1F18, 0x1F1D, 1, -8},     {0x1F28, 0x1F2F, 1, -8},     {0x1F38, 0x1F3F, 1, -8},    {0x1F48, 0x1F4D, 1, -8},
    {0x1F59, 0x1F5F, 2, -8},     {0x1F68, 0x1F6F, 1, -8},     {0x1F88, 0x1F8F, 1, -8},    {0x1F98, 0x1F9F, 1, -8},
    {0x1FA8, 0x1FAF, 1, -8},     {0x1FB8, 0x1FB9, 1, -8},     {0x1FBA, 0x1FBB, 1, -74},   {0x1FBC, 0x1FBC, 1, -9},
    {0x1FC8, 0x1FCB, 1, -86},    {0x1FCC, 0x1FCC, 1, -9},     {0x1FD8, 0x1FD9, 1, -8},    {0x1FDA, 0x1FDB, 1, -100},
    {0x1FE8, 0x1FE9, 1, -8},     {0x1FEA, 0x1FEB, 1, -112},   {0x1FEC, 0x1FEC, 1, -7},    {0x1FF8, 0x1FF9, 1, -128},
    {0x1FFA, 0x1FFB, 1, -126},   {0x1FFC, 0x1FFC, 1, -9},     {0x2132, 0x2132, 1, 28},    {0x2160, 0x216F, 1, 16},
    {0x2183, 0x2183, 1, 1},      {0x24B6, 0x24CF, 1, 26},     {0x2C00, 0x2C2F, 1, 48},    {0x2C60, 0x2C60, 1, 1},
    {0x2C63, 0x2C63, 1, -3814},  {0x2C67, 0x2C6B, 2, 1},      {0x2C72, 0x2C72, 1, 1},     {0x2C75, 0x2C75, 1, 1},
    {0x2C80, 0x2CE2, 2, 1},      {0x2CEB, 0x2CED, 2, 1},      {0x2CF2, 0x2CF2, 1, 1},     {0xA640, 0xA66C, 2, 1},
    {0xA680, 0xA69A, 2, 1},      {0xA722, 0xA72E, 2, 1},      {0xA732, 0xA76E, 2, 1},     {0xA779, 0xA77B, 2, 1},
    {0xA77D, 0xA77D, 1, -35332}, {0xA77E, 0xA786, 2, 1},      {0xA78B, 0xA78B, 1, 1},     {0xA790, 0xA792, 2, 1},
    {0xA796, 0xA7A8, 2, 1},      {0xA7B3, 0xA7B3, 1, 928},    {0xA7B4, 0xA7C2, 2, 1},     {0xA7C4, 0xA7C4, 1, -48},
    {0xA7C6, 0xA7C6, 1, -35384}, {0xA7C7, 0xA7C9, 2, 1},      {0xA7D0, 0xA7D0, 1, 1},     {0xA7D6, 0xA7D8, 2, 1},
    {0xA7F5, 0xA7F5, 1, 1},      {0xAB70, 0xABBF, 1, -38864}, {0xFF21, 0xFF3A, 1, 32},    {0x10400, 0x10427, 1, 40},
    {0x104B0, 0x104D3, 1, 40},   {0x10570, 0x1057A, 1, 39},   {0x1057C, 0x1058A, 1, 39},  {0x1058C, 0x10592, 1, 39},
    {0x10594, 0x10595, 1, 39},   {0x10C80, 0x10CB2, 1, 64},   {0x118A0, 0x118BF, 1, 32},  {0x16E40, 0x16E5F, 1, 32},
    {0x1E900, 0x1E921, 1, 34},
});

constexpr uint32_t folded(uint32_t c) {
  const auto* const after = std::ranges::upper_bound(ranges, c, {}, &FoldRange::first);
  if (after == ranges.begin()) return c;
  const FoldRange& range = after[-1];
  if (c > range.last || (c - range.first) % range.stride != 0) return c;
  return static_cast<uint32_t>(static_cast<int32_t>(c) + range.shift);
}

// Of what has two bytes, which is nearly all that has capitals: asked of each such character of a text.
constexpr uint32_t first_of_two_bytes = 0x80, first_of_three_bytes = 0x800;
constexpr auto of_two_bytes = [] {
  std::array<uint16_t, first_of_three_bytes - first_of_two_bytes> table{};
  for (uint32_t c = first_of_two_bytes; c < first_of_three_bytes; ++c)
    table[c - first_of_two_bytes] = static_cast<uint16_t>(c);
  for (const FoldRange& range : ranges)
    for (uint32_t c = range.first; c <= range.last && c < first_of_three_bytes; c += range.stride)
      table[c - first_of_two_bytes] = static_cast<uint16_t>(static_cast<int32_t>(c) + range.shift);
  return table;
}();

bool goes_on(char c) { return (static_cast<uint8_t>(c) & 0xC0) == 0x80; }

uint32_t code_point_of(const char* bytes, size_t size) {
  uint32_t c = static_cast<uint8_t>(bytes[0]) & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) c = c << 6 | (static_cast<uint8_t>(bytes[i]) & 0x3FU);
  return c;
}

void put(uint32_t c, char* bytes, size_t size) {
  for (size_t i = size - 1; i > 0; --i, c >>= 6) bytes[i] = static_cast<char>(0x80 | (c & 0x3F));
  bytes[0] = static_cast<char>(static_cast<uint8_t>(0xF00 >> size) | c);
}

}  // namespace

size_t character_size(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  const size_t size = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + size > text.size() || !std::ranges::all_of(text.substr(at + 1, size - 1), goes_on)) return 1;
  return size;
}

bool fold_character(char* bytes, size_t size) {
  if (size < 2) return false;
  // Most scripts of Asia have no capitals.
  if (size == 3 && !std::string_view("\xE1\xE2\xEA\xEF").contains(bytes[0])) return false;
  const uint32_t c = code_point_of(bytes, size);
  const uint32_t small = size == 2 ? of_two_bytes[c - first_of_two_bytes] : folded(c);
  if (small == c) return false;
  put(small, bytes, size);
  return true;
}

std::string fold_case(std::string_view text) {
  std::string out(text);
  for (size_t at = 0; at < out.size();) {
    if (out[at] >= 'A' && out[at] <= 'Z') out[at] = static_cast<char>(out[at] | 0x20);
    const size_t size = character_size(out, at);
    fold_character(out.data() + at, size);
    at += size;
  }
  return out;
}

bool folds_to(std::string_view text, std::string_view folded) {
  return text.size() == folded.size() && fold_case(text) == folded;
}

std::vector<std::string> case_variants(std::string_view character) {
  const size_t size = character.size();
  std::string small(character);
  fold_character(small.data(), size);
  std::vector<std::string> variants{small};
  if (size < 2) return variants;
  const auto c = static_cast<int32_t>(code_point_of(small.data(), size));
  for (const FoldRange& range : ranges) {
    const auto capital = static_cast<uint32_t>(c - range.shift);
    if (capital < range.first || capital > range.last || (capital - range.first) % range.stride != 0) continue;
    put(capital, variants.emplace_back(size, ' ').data(), size);
  }
  return variants;
}

}  // namespace assay::classify
