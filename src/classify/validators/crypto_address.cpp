#include <algorithm>
#include <array>

#include "classify/validators/base58.h"
#include "classify/validators/bech32.h"
#include "classify/validators/global_checks.h"
#include "classify/validators/keccak256.h"

namespace assay::classify::global {
namespace {

/// Version bytes of addresses with a 20-byte hash, as each chain's parameters define them.
constexpr bool is_address_version(uint8_t version) {
  switch (version) {
    case 0x00:  // Bitcoin P2PKH "1"
    case 0x05:  // Bitcoin P2SH "3"
    case 0x30:  // Litecoin "L"
    case 0x32:  // Litecoin "M"
    case 0x1e:  // Dogecoin "D"
    case 0x16:  // Dogecoin "9", "A"
    case 0x4c:  // Dash "X"
    case 0x10:  // Dash "7"
    case 0x41:  // Tron "T"
      return true;
    default: return false;
  }
}

bool is_base58_address(std::string_view text) {
  std::array<uint8_t, 25> bytes{};
  if (decode_base58check(text, bitcoin_alphabet, bytes)) return is_address_version(bytes[0]);
  std::array<uint8_t, 26> zcash{};
  if (text.starts_with("t1") || text.starts_with("t3"))
    return decode_base58check(text, bitcoin_alphabet, zcash) && zcash[0] == 0x1c &&
           (zcash[1] == 0xb8 || zcash[1] == 0xbd);
  return text.starts_with('r') && decode_base58check(text, ripple_alphabet, bytes) && bytes[0] == 0;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// EIP-55: a letter is upper case where the digit of the hash of the lower-case text is 8 or more.
Check ethereum_address(std::string_view digits) {
  if (digits.size() != 40 || !std::ranges::all_of(digits, is_hex)) return Check::invalid;
  std::array<char, 40> folded{};
  bool has_upper = false;
  bool has_lower = false;
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    has_upper |= c >= 'A' && c <= 'F';
    has_lower |= c >= 'a' && c <= 'f';
    folded[i] = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (std::ranges::all_of(digits, [&](char c) { return c == digits[0]; })) return Check::invalid;
  if (!has_upper || !has_lower) return Check::plausible;
  const auto hash = keccak256_of_one_block({folded.data(), folded.size()});
  for (size_t i = 0; i < digits.size(); ++i) {
    const unsigned nibble = (hash[i / 2] >> (i % 2 == 0 ? 4U : 0U)) & 15U;
    const bool is_letter = folded[i] >= 'a';
    if (is_letter && (digits[i] <= 'F') != (nibble >= 8)) return Check::invalid;
  }
  return Check::valid;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::ranges::equal(text.substr(0, lower_prefix.size()), lower_prefix,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

Check crypto_address(std::string_view value) noexcept {
  if (value.starts_with("0x") || value.starts_with("0X")) return ethereum_address(value.substr(2));
  for (const std::string_view network : {"bc", "ltc", "tb"})
    if (starts_with_ignoring_case(value, network) && is_segwit_address(value, network)) return Check::valid;
  if (starts_with_ignoring_case(value, "addr1"))  // Cardano (CIP-19) lifts the limit of 90 characters
    return bech32_checksum(value, 128) == Bech32::bech32 ? Check::valid : Check::invalid;
  return is_base58_address(value) ? Check::valid : Check::invalid;
}

}  // namespace assay::classify::global
