#include "classify/survey.h"

#include <algorithm>
#include <array>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay::classify {
namespace {

// One bit a byte of a 64-byte block.
struct BlockMasks {
  uint64_t letter, lower, digit, underscore, at, colon;
};

constexpr std::array<bool, 256> token_byte = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  table['_'] = true;
  return table;
}();

bool is_token_byte(char c) { return token_byte[static_cast<uint8_t>(c)]; }

constexpr size_t max_token_head = 48;

// Pushes the start of the token around the digit at `at`, which has no digit before it in its token.
inline void push_token(std::string_view text, size_t at, size_t from, size_t to, Survey& survey) {
  size_t begin = at;
  while (begin > 0 && at - begin <= max_token_head && is_token_byte(text[begin - 1])) --begin;
  if (at - begin <= max_token_head && begin >= from && begin < to)
    survey.digit_tokens.push_back(static_cast<uint32_t>(begin));
}

#if defined(__x86_64__)

namespace sse2 {

inline BlockMasks block_masks(const char* p) {
  BlockMasks m{};
  for (size_t quarter = 0; quarter < 4; ++quarter) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * quarter));
    const __m128i folded = _mm_sub_epi8(_mm_or_si128(c, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i letter = _mm_cmpeq_epi8(_mm_min_epu8(folded, _mm_set1_epi8(25)), folded);
    const __m128i from_zero = _mm_sub_epi8(c, _mm_set1_epi8('0'));
    const __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero);
    const size_t shift = 16 * quarter;
    auto bits = [shift](__m128i v) {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm_movemask_epi8(v))) << shift;
    };
    m.letter |= bits(letter);
    m.lower |= bits(_mm_slli_epi16(c, 2));
    m.digit |= bits(digit);
    m.underscore |= bits(_mm_cmpeq_epi8(c, _mm_set1_epi8('_')));
    m.at |= bits(_mm_cmpeq_epi8(c, _mm_set1_epi8('@')));
    m.colon |= bits(_mm_cmpeq_epi8(c, _mm_set1_epi8(':')));
  }
  return m;
}

#include "classify/survey_loop.inc"

}  // namespace sse2

// Code between here and the pop may use AVX2; it is entered only on processors that have it.
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
namespace avx2 {

inline BlockMasks block_masks(const char* p) {
  BlockMasks m{};
  for (size_t half = 0; half < 2; ++half) {
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32 * half));
    const __m256i folded = _mm256_sub_epi8(_mm256_or_si256(c, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
    const __m256i letter = _mm256_cmpeq_epi8(_mm256_min_epu8(folded, _mm256_set1_epi8(25)), folded);
    const __m256i from_zero = _mm256_sub_epi8(c, _mm256_set1_epi8('0'));
    const __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, _mm256_set1_epi8(9)), from_zero);
    const size_t shift = 32 * half;
    auto bits = [shift](__m256i v) {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(v))) << shift;
    };
    m.letter |= bits(letter);
    m.lower |= bits(_mm256_slli_epi16(c, 2));  // bit 5 of each byte, which tells small letters from capitals
    m.digit |= bits(digit);
    m.underscore |= bits(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('_')));
    m.at |= bits(_mm256_cmpeq_epi8(c, _mm256_set1_epi8('@')));
    m.colon |= bits(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(':')));
  }
  return m;
}

#include "classify/survey_loop.inc"

}  // namespace avx2
#pragma clang attribute pop

#endif

namespace plain {

inline BlockMasks block_masks(const char* p) {
  BlockMasks m{};
  for (int i = 0; i < 64; ++i) {
    const char c = p[i];
    const uint64_t bit = uint64_t{1} << i;
    const char folded = static_cast<char>(c | 0x20);
    if (folded >= 'a' && folded <= 'z') m.letter |= bit;
    if ((c & 0x20) != 0) m.lower |= bit;
    if (c >= '0' && c <= '9') m.digit |= bit;
    if (c == '_') m.underscore |= bit;
    if (c == '@') m.at |= bit;
    if (c == ':') m.colon |= bit;
  }
  return m;
}

#include "classify/survey_loop.inc"

}  // namespace plain

}  // namespace

void Survey::clear() {
  digit_tokens.clear();
  keyword_words.clear();
  at_signs.clear();
  schemes.clear();
}

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::plain};
#if defined(__x86_64__)
  sets.push_back(InstructionSet::sse2);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
    sets.push_back(InstructionSet::avx2);
#endif
  return sets;
}

void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey) {
  static const InstructionSet fastest = instruction_sets().back();
  survey_window(text, from, to, keywords, survey, fastest);
}

void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey,
                   InstructionSet with) {
#if defined(__x86_64__)
  if (with == InstructionSet::avx2) return avx2::survey(text, from, to, keywords, survey);
  if (with == InstructionSet::sse2) return sse2::survey(text, from, to, keywords, survey);
#else
  (void)with;
#endif
  plain::survey(text, from, to, keywords, survey);
}

}  // namespace assay::classify
