#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// For tests: secrets put together at run time, so that no source file holds one.
namespace assay::classify {

/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
inline std::string to_base64(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (size_t j = 0; j < 4; ++j) encoded += i + j > bytes.size() ? '=' : alphabet[bits >> (18 - 6 * j) & 63U];
  }
  return encoded;
}

/// `count` characters of `alphabet`, as a generator draws them; `seed` is not 0 and gives always the same.
inline std::string drawn(std::string_view alphabet, size_t count, uint64_t seed = 1) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    seed ^= seed << 13;  // xorshift64, G. Marsaglia (2003)
    seed ^= seed >> 7;
    seed ^= seed << 17;
    text += alphabet[(seed >> 20) % alphabet.size()];
  }
  return text;
}

inline constexpr std::string_view base62_alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view base32_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view hex_alphabet = "0123456789abcdef";

}  // namespace assay::classify
