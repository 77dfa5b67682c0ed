#include "classify/validators/bech32.h"

#include <array>
#include <cstddef>

namespace assay::classify {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

uint32_t polymod_step(uint32_t checksum, uint32_t value) {
  constexpr std::array<uint32_t, 5> generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const uint32_t top = checksum >> 25U;
  checksum = ((checksum & 0x1ffffffU) << 5U) ^ value;
  for (size_t i = 0; i < generator.size(); ++i)
    if (((top >> i) & 1U) != 0) checksum ^= generator[i];
  return checksum;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_mixed_case(std::string_view text) {
  bool upper_seen = false;
  bool lower_seen = false;
  for (const char c : text) {
    upper_seen |= c >= 'A' && c <= 'Z';
    lower_seen |= c >= 'a' && c <= 'z';
  }
  return upper_seen && lower_seen;
}

}  // namespace

Bech32 bech32_checksum(std::string_view text, size_t longest) noexcept {
  const size_t separator = text.rfind('1');
  if (separator == std::string_view::npos || separator == 0 || separator + 7 > text.size() || text.size() > longest)
    return Bech32::broken;
  if (is_mixed_case(text)) return Bech32::broken;
  uint32_t checksum = 1;
  const auto part = text.substr(0, separator);
  for (const char c : part) {
    if (c < 33 || c > 126) return Bech32::broken;
    checksum = polymod_step(checksum, static_cast<uint32_t>(lower(c)) >> 5U);
  }
  checksum = polymod_step(checksum, 0);
  for (const char c : part) checksum = polymod_step(checksum, static_cast<uint32_t>(lower(c)) & 31U);
  for (const char c : text.substr(separator + 1)) {
    const size_t value = alphabet.find(lower(c));
    if (value == std::string_view::npos) return Bech32::broken;
    checksum = polymod_step(checksum, static_cast<uint32_t>(value));
  }
  if (checksum == 1) return Bech32::bech32;
  return checksum == 0x2bc830a3U ? Bech32::bech32m : Bech32::broken;
}

bool is_segwit_address(std::string_view text, std::string_view network) noexcept {
  const size_t separator = text.rfind('1');
  if (separator != network.size()) return false;
  for (size_t i = 0; i < separator; ++i)
    if (lower(text[i]) != network[i]) return false;
  const Bech32 kind = bech32_checksum(text);
  if (kind == Bech32::broken) return false;

  const auto data = text.substr(separator + 1, text.size() - separator - 1 - 6);
  if (data.empty()) return false;
  const size_t version = alphabet.find(lower(data[0]));
  const size_t bits = 5 * (data.size() - 1);
  const size_t program_bytes = bits / 8;
  // Regrouped from five bits to eight, fewer than five bits are left over, and they are zero.
  const size_t padding = bits % 8;
  if (version > 16 || padding > 4 || program_bytes < 2 || program_bytes > 40) return false;
  if ((alphabet.find(lower(data.back())) & ((1U << padding) - 1)) != 0) return false;
  if (version == 0) return kind == Bech32::bech32 && (program_bytes == 20 || program_bytes == 32);
  return kind == Bech32::bech32m;
}

}  // namespace assay::classify
