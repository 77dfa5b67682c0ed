#include "classify/validators/base58.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace assay::classify {

bool decode_base58check(std::string_view text, std::string_view alphabet, std::span<uint8_t> bytes) noexcept {
  // No digit is worth more than a byte, and zero digits in front are a byte each.
  if (bytes.size() < 5 || text.size() < bytes.size()) return false;
  std::ranges::fill(bytes, uint8_t{0});
  for (const char c : text) {
    const size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return false;
    uint32_t carry = static_cast<uint32_t>(digit);
    for (size_t i = bytes.size(); i-- > 0;) {
      carry += uint32_t{bytes[i]} * 58;
      bytes[i] = static_cast<uint8_t>(carry);
      carry >>= 8U;
    }
    if (carry != 0) return false;
  }
  // Each zero byte in front is written as one zero digit, so their numbers must agree.
  const auto zero_digits = std::ranges::find_if(text, [&](char c) { return c != alphabet[0]; }) - text.begin();
  const auto zero_bytes = std::ranges::find_if(bytes, [](uint8_t b) { return b != 0; }) - bytes.begin();
  if (zero_digits != zero_bytes) return false;

  std::array<uint8_t, crypto_hash_sha256_BYTES> hash{};
  const size_t covered = bytes.size() - 4;
  crypto_hash_sha256(hash.data(), bytes.data(), covered);
  crypto_hash_sha256(hash.data(), hash.data(), hash.size());
  return std::equal(hash.begin(), hash.begin() + 4, bytes.begin() + static_cast<std::ptrdiff_t>(covered));
}

}  // namespace assay::classify
