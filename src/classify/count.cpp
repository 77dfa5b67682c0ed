#include "classify/count.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay::classify {
namespace {

// Each counts in whole vectors from the text's beginning and gives how many bytes these are. Sums are kept by byte, and
// taken before they can run over.
#if defined(__x86_64__)

size_t count_sse2(std::string_view text, Passage& passage) {
  constexpr size_t wide = 16, most_steps = 255;
  const size_t end = text.size() / wide * wide;
  for (size_t at = 0; at < end;) {
    __m128i newlines = _mm_setzero_si128(), begins = _mm_setzero_si128();
    for (const size_t until = std::min(end, at + wide * most_steps); at < until; at += wide) {
      const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      newlines = _mm_sub_epi8(newlines, _mm_cmpeq_epi8(c, _mm_set1_epi8('\n')));
      begins = _mm_sub_epi8(begins, _mm_cmpgt_epi8(c, _mm_set1_epi8(-65)));
    }
    const auto sum = [](__m128i bytes) {
      const __m128i halves = _mm_sad_epu8(bytes, _mm_setzero_si128());
      return static_cast<size_t>(_mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves)));
    };
    passage.newlines += sum(newlines);
    passage.code_points += sum(begins);
  }
  return end;
}

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
size_t sum_avx2(__m256i bytes) {
  const __m256i quarters = _mm256_sad_epu8(bytes, _mm256_setzero_si256());
  const __m128i halves = _mm_add_epi64(_mm256_castsi256_si128(quarters), _mm256_extracti128_si256(quarters, 1));
  return static_cast<size_t>(_mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves)));
}

size_t count_avx2(std::string_view text, Passage& passage) {
  constexpr size_t wide = 32, most_steps = 255;
  const size_t end = text.size() / wide * wide;
  for (size_t at = 0; at < end;) {
    __m256i newlines = _mm256_setzero_si256(), begins = _mm256_setzero_si256();
    for (const size_t until = std::min(end, at + wide * most_steps); at < until; at += wide) {
      const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at));
      newlines = _mm256_sub_epi8(newlines, _mm256_cmpeq_epi8(c, _mm256_set1_epi8('\n')));
      begins = _mm256_sub_epi8(begins, _mm256_cmpgt_epi8(c, _mm256_set1_epi8(-65)));
    }
    passage.newlines += sum_avx2(newlines);
    passage.code_points += sum_avx2(begins);
  }
  return end;
}
#pragma clang attribute pop

#endif

}  // namespace

Passage pass_over_long(std::string_view text, InstructionSet with) {
  Passage passage;
  size_t counted = 0;
#if defined(__x86_64__)
  if (with >= InstructionSet::avx2) counted = count_avx2(text, passage);
  else if (with == InstructionSet::sse2) counted = count_sse2(text, passage);
#else
  static_cast<void>(with);
#endif
  const std::string_view rest = text.substr(counted);
  passage.newlines += count_byte(rest, '\n');
  passage.code_points += count_code_points(rest);
  passage.code_points_behind =
      passage.newlines == 0 ? passage.code_points : count_code_points(text.substr(text.rfind('\n') + 1));
  return passage;
}

}  // namespace assay::classify
