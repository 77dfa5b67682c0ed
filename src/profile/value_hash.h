#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace assay::profile {

/// 64 bits that look random, the same in every process, so that a profile does not depend on who made it. Not keyed: it
/// never leaves the examiner, and whoever crafts values that collide only spoils the statistics of their own column.
/// The product of two words folded is a mixer known from Widynski's and others' generators (middle bits of squares).
inline uint64_t value_hash(std::string_view value) noexcept {
  constexpr uint64_t first = 0x9e3779b97f4a7c15, second = 0xd6e8feb86659fd93, third = 0xa0761d6478bd642f;
  const auto fold = [](uint64_t a, uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  };
  const auto word = [](const char* at) {
    uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  const char* at = value.data();
  size_t left = value.size();
  uint64_t state = first ^ (left * third);  // of all bits, so that lengths and bytes cannot cancel out
  for (; left > 8; at += 8, left -= 8) state = fold(state ^ word(at), second) ^ first;
  uint64_t last = 0;
  if (left >= 4) {
    uint32_t low, high;
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + left - 4, 4);
    last = (static_cast<uint64_t>(high) << 32) | low;
  } else if (left > 0) {
    const auto byte = [at](size_t i) { return static_cast<uint64_t>(static_cast<unsigned char>(at[i])); };
    last = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
  }
  state = fold(state ^ last, second) ^ third;
  return fold(state, third) ^ (state >> 29);
}

}  // namespace assay::profile
