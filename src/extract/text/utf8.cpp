#include "extract/text/utf8.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay::extract {
namespace {

constexpr size_t block_bytes = 64;
constexpr uint64_t high_bits = 0x8080808080808080ULL;

bool is_ascii_block(const char* at) noexcept {
#if defined(__SSE2__)
  const auto* lanes = reinterpret_cast<const __m128i*>(at);
  const __m128i first = _mm_or_si128(_mm_loadu_si128(lanes), _mm_loadu_si128(lanes + 1));
  const __m128i second = _mm_or_si128(_mm_loadu_si128(lanes + 2), _mm_loadu_si128(lanes + 3));
  return _mm_movemask_epi8(_mm_or_si128(first, second)) == 0;
#else
  uint64_t words[block_bytes / 8];
  std::memcpy(words, at, block_bytes);
  uint64_t all = 0;
  for (const uint64_t word : words) all |= word;
  return (all & high_bits) == 0;
#endif
}

/// Skips ASCII in steps that suit text where other characters come often.
size_t skip_ascii(std::string_view bytes, size_t at) noexcept {
  while (at + 8 <= bytes.size()) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    const uint64_t high = word & high_bits;
    if (high != 0) {
      if constexpr (std::endian::native == std::endian::little)
        return at + static_cast<size_t>(std::countr_zero(high)) / 8;
      break;
    }
    at += 8;
    while (at + block_bytes <= bytes.size() && is_ascii_block(bytes.data() + at)) at += block_bytes;
  }
  while (at < bytes.size() && static_cast<uint8_t>(bytes[at]) < 0x80) ++at;
  return at;
}

struct SequenceShape {
  size_t length;  ///< 0: no sequence starts with this byte
  uint8_t second_low;
  uint8_t second_high;
};

SequenceShape shape_of(uint8_t first) noexcept {
  if (first < 0xC2) return {0, 0, 0};
  if (first < 0xE0) return {2, 0x80, 0xBF};
  if (first < 0xF0)
    return {3, static_cast<uint8_t>(first == 0xE0 ? 0xA0 : 0x80), static_cast<uint8_t>(first == 0xED ? 0x9F : 0xBF)};
  if (first < 0xF5)
    return {4, static_cast<uint8_t>(first == 0xF0 ? 0x90 : 0x80), static_cast<uint8_t>(first == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0};
}

/// Bytes of the sequence at `at` that are in order; equal to the shape's length when it is well-formed.
size_t good_bytes(std::string_view bytes, size_t at, const SequenceShape& shape) noexcept {
  size_t good = 1;
  while (good < shape.length && at + good < bytes.size()) {
    const auto c = static_cast<uint8_t>(bytes[at + good]);
    const uint8_t low = good == 1 ? shape.second_low : 0x80, high = good == 1 ? shape.second_high : 0xBF;
    if (c < low || c > high) break;
    ++good;
  }
  return good;
}

}  // namespace

size_t ascii_prefix(std::string_view bytes) noexcept {
  size_t at = 0;
  while (at + block_bytes <= bytes.size() && is_ascii_block(bytes.data() + at)) at += block_bytes;
  return skip_ascii(bytes, at);
}

size_t valid_utf8_prefix(std::string_view bytes) noexcept {
  size_t at = ascii_prefix(bytes);
  while (at < bytes.size()) {
    const auto first = static_cast<uint8_t>(bytes[at]);
    if (first < 0x80) {
      at = skip_ascii(bytes, at);
      continue;
    }
    const SequenceShape shape = shape_of(first);
    if (shape.length == 0 || good_bytes(bytes, at, shape) != shape.length) break;
    at += shape.length;
  }
  return at;
}

BrokenSequence broken_utf8_sequence(std::string_view bytes) noexcept {
  if (bytes.empty()) return {0, true};
  const SequenceShape shape = shape_of(static_cast<uint8_t>(bytes.front()));
  if (shape.length == 0) return {1, false};
  const size_t good = good_bytes(bytes, 0, shape);
  return {good, good == bytes.size()};
}

}  // namespace assay::extract
