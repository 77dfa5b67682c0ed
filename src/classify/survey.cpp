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
  uint64_t letter, lower, digit, underscore, at, colon, high;
};

constexpr std::array<bool, 256> token_byte = [] {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = true;
  table['_'] = true;
  return table;
}();

bool is_token_byte(char c) { return token_byte[static_cast<uint8_t>(c)]; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr size_t max_token_head = 48;

constexpr size_t prefetch_bytes = 4096;

// The places of a byte's bits, lowest first.
constexpr std::array<std::array<uint8_t, 8>, 256> bit_places = [] {
  std::array<std::array<uint8_t, 8>, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte)
    for (unsigned bit = 0, n = 0; bit < 8; ++bit)
      if ((byte >> bit & 1) != 0) table[byte][n++] = static_cast<uint8_t>(bit);
  return table;
}();

// Words that wait to be asked whether a keyword begins with them, so that asking is a long loop with nothing to
// foretell.
constexpr size_t max_waiting = 1024;
struct Waiting {
  size_t size = 0;
  std::array<uint32_t, max_waiting + 64> places;  // a block may have a word at each byte
};

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
    m.high |= bits(c);
  }
  return m;
}

// Writes where the bits of `mask` stand, and gives their number. Up to 64 places are written, whatever that is.
inline size_t write_places(uint64_t mask, uint32_t base, uint32_t* places) {
  size_t n = 0;
  for (uint32_t shift = 0; shift < 64; shift += 8) {
    const auto byte = static_cast<uint8_t>(mask >> shift);
    const __m128i zero = _mm_setzero_si128();
    const __m128i words =
        _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bit_places[byte].data())), zero);
    const __m128i first = _mm_set1_epi32(static_cast<int>(base + shift));
    auto* const to = reinterpret_cast<__m128i*>(places + n);
    _mm_storeu_si128(to, _mm_add_epi32(_mm_unpacklo_epi16(words, zero), first));
    _mm_storeu_si128(to + 1, _mm_add_epi32(_mm_unpackhi_epi16(words, zero), first));
    n += static_cast<size_t>(std::popcount(byte));
  }
  return n;
}

#include "classify/survey_loop.inc"

}  // namespace sse2

// Code between here and the pop may use AVX2; it is entered only on processors that have it.
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
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
    m.high |= bits(c);
  }
  return m;
}

inline size_t write_places(uint64_t mask, uint32_t base, uint32_t* places) {
  size_t n = 0;
  for (uint32_t shift = 0; shift < 64; shift += 8) {
    const auto byte = static_cast<uint8_t>(mask >> shift);
    const __m256i bits =
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bit_places[byte].data())));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(places + n),
                        _mm256_add_epi32(bits, _mm256_set1_epi32(static_cast<int>(base + shift))));
    n += static_cast<size_t>(std::popcount(byte));
  }
  return n;
}

#include "classify/survey_loop.inc"

}  // namespace avx2
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
namespace avx512 {

inline BlockMasks block_masks(const char* p) {
  const __m512i c = _mm512_loadu_si512(p);
  const __m512i folded = _mm512_sub_epi8(_mm512_or_si512(c, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
  const __m512i from_zero = _mm512_sub_epi8(c, _mm512_set1_epi8('0'));
  return {.letter = _mm512_cmplt_epu8_mask(folded, _mm512_set1_epi8(26)),
          .lower = _mm512_test_epi8_mask(c, _mm512_set1_epi8(0x20)),
          .digit = _mm512_cmplt_epu8_mask(from_zero, _mm512_set1_epi8(10)),
          .underscore = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('_')),
          .at = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8('@')),
          .colon = _mm512_cmpeq_epi8_mask(c, _mm512_set1_epi8(':')),
          .high = _mm512_movepi8_mask(c)};
}

constexpr std::array<uint8_t, 64> counting = [] {
  std::array<uint8_t, 64> bytes{};
  for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  return bytes;
}();

inline size_t write_places(uint64_t mask, uint32_t base, uint32_t* places) {
  const __m512i bits = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(counting.data()));
  const auto write = [&](size_t first, __m128i sixteen) {
    _mm512_storeu_si512(places + first,
                        _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), _mm512_set1_epi32(static_cast<int>(base))));
  };
  const auto n = static_cast<size_t>(std::popcount(mask));
  write(0, _mm512_castsi512_si128(bits));
  if (n > 16) {
    write(16, _mm512_extracti32x4_epi32(bits, 1));
    write(32, _mm512_extracti32x4_epi32(bits, 2));
    write(48, _mm512_extracti32x4_epi32(bits, 3));
  }
  return n;
}

#include "classify/survey_loop.inc"

}  // namespace avx512
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
    if (static_cast<uint8_t>(c) >= 0x80) m.high |= bit;
  }
  return m;
}

inline size_t write_places(uint64_t mask, uint32_t base, uint32_t* places) {
  size_t n = 0;
  for (; mask != 0; mask &= mask - 1) places[n++] = base + static_cast<uint32_t>(std::countr_zero(mask));
  return n;
}

#include "classify/survey_loop.inc"

}  // namespace plain

}  // namespace

void Survey::clear() {
  digit_tokens.clear();
  keyword_words.clear();
  keyword_heads.clear();
  at_signs.clear();
  schemes.clear();
  blocks_beyond_ascii.clear();
  digits_from = digits_to = 0;
}

void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey) {
  survey_window(text, from, to, keywords, survey, fastest_instruction_set());
}

void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey,
                   InstructionSet with) {
#if defined(__x86_64__)
  if (with == InstructionSet::avx512) return avx512::survey(text, from, to, keywords, survey);
  if (with == InstructionSet::avx2) return avx2::survey(text, from, to, keywords, survey);
  if (with == InstructionSet::sse2) return sse2::survey(text, from, to, keywords, survey);
#else
  (void)with;
#endif
  plain::survey(text, from, to, keywords, survey);
}

}  // namespace assay::classify
