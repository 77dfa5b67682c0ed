#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "classify/instruction_set.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace assay::classify {

/// How often `byte` occurs. Written so that the compiler vectorises it.
inline size_t count_byte(std::string_view text, char byte) {
  size_t total = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.size(), at + 255);
    unsigned char block = 0;
    for (; at < end; ++at) block = static_cast<unsigned char>(block + (text[at] == byte ? 1 : 0));
    total += block;
  }
  return total;
}

/// Code points of UTF-8 text: bytes that do not continue a character.
inline size_t count_code_points(std::string_view text) {
  size_t total = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.size(), at + 255);
    unsigned char block = 0;
    for (; at < end; ++at)
      block = static_cast<unsigned char>(block + (static_cast<signed char>(text[at]) >= -64 ? 1 : 0));
    total += block;
  }
  return total;
}

/// What one goes past in a text.
struct Passage {
  size_t newlines = 0;
  size_t code_points = 0;
  size_t code_points_behind = 0;  ///< of these, those behind the last newline; all of them when there is none
};

/// The same as pass_over(), for texts of any length.
Passage pass_over_long(std::string_view text, InstructionSet with = fastest_instruction_set());

/// Up to fifteen bytes behind the text must be readable.
inline Passage pass_over(std::string_view text) {
#if defined(__SSE2__)
  // Between one match and the next there are few bytes: one look at each block of sixteen.
  constexpr size_t few = 256;
  if (text.size() > few) return pass_over_long(text);
  Passage passage;
  for (size_t at = 0; at < text.size(); at += 16) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const uint32_t inside = text.size() - at >= 16 ? 0xFFFFU : (1U << (text.size() - at)) - 1;
    const auto bits = [inside](__m128i v) { return static_cast<uint32_t>(_mm_movemask_epi8(v)) & inside; };
    const uint32_t newlines = bits(_mm_cmpeq_epi8(c, _mm_set1_epi8('\n')));
    const uint32_t begins = bits(_mm_cmpgt_epi8(c, _mm_set1_epi8(-65)));
    const auto count = [](uint32_t mask) { return static_cast<size_t>(std::popcount(mask)); };
    const size_t begun = begins == 0xFFFFU ? 16 : count(begins);
    passage.code_points += begun;
    if (newlines == 0) {
      passage.code_points_behind += begun;
    } else {
      passage.newlines += count(newlines);
      passage.code_points_behind = count(begins >> std::bit_width(newlines));
    }
  }
  return passage;
#else
  return pass_over_long(text);
#endif
}

}  // namespace assay::classify
