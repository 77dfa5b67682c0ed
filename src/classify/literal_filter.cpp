#include "classify/literal_filter.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assay::classify {
namespace {

// How often bytes occur in text, in thousandths, whatever their case: letters of English after any table of them, the
// others as prose and code have them on the average. Only the speed depends on it.
constexpr std::array<float, 256> frequency = [] {
  std::array<float, 256> table{};
  for (auto& f : table) f = 0.2F;
  constexpr std::array<float, 26> letters = {65, 12, 22, 34, 101, 18, 16, 49, 56, 1.2F, 6,    32, 19,
                                             56, 60, 15, 1,  48,  51, 72, 22, 8,  19,   1.5F, 16, 1};
  for (unsigned i = 0; i < letters.size(); ++i) table['a' + i] = table['A' + i] = letters[i] / 2;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = 5;
  table[' '] = 150;
  for (const char c : {'.', ',', '-', '_', '/', '"', '(', ')', '=', ':', ';', '\n'}) table[static_cast<uint8_t>(c)] = 6;
  return table;
}();

float probability(const ByteSet& set) {
  float sum = 0;
  for (unsigned word = 0; word < 4; ++word)
    for (uint64_t left = set.word(word); left != 0; left &= left - 1)
      sum += frequency[64 * word + static_cast<unsigned>(std::countr_zero(left))];
  return std::min(1.0F, sum / 1000);
}

// For each of `n` blocks of 64 bytes: a bit for each byte at which the watched bytes of a bucket may begin.
constexpr size_t block_bytes = 64, most_blocks = 64;

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi,avx2,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
// Bytes beyond ASCII are taken for those of the same lower seven bits.
template <typename Tables>
void avx512_blocks(const char* p, size_t n, const Tables& has, uint64_t* found) {
  constexpr size_t groups = std::tuple_size_v<Tables>, places = std::tuple_size_v<typename Tables::value_type>;
  std::array<std::array<std::array<__m512i, 2>, places>, groups> tables;
  for (size_t group = 0; group < groups; ++group)
    for (size_t place = 0; place < places; ++place)
      for (size_t half = 0; half < 2; ++half)
        tables[group][place][half] = _mm512_loadu_si512(has[group][place].data() + 64 * half);
  for (size_t i = 0; i < n; ++i, p += block_bytes) {
    __m512i any = _mm512_setzero_si512();
    for (const auto& table : tables) {
      __m512i in = _mm512_set1_epi8(-1);
      for (size_t place = 0; place < places; ++place)
        in = _mm512_and_si512(
            in, _mm512_permutex2var_epi8(table[place][0], _mm512_loadu_si512(p + place), table[place][1]));
      any = _mm512_or_si512(any, in);
    }
    found[i] = _mm512_test_epi8_mask(any, any);
  }
}
#pragma clang attribute pop

#endif

template <typename Tables>
void plain_blocks(const char* p, size_t n, const Tables& has, uint64_t* found) {
  std::fill_n(found, n, 0);
  for (size_t i = 0; i < n * block_bytes; ++i) {
    unsigned any = 0;
    for (const auto& group : has) {
      unsigned in = 0xFF;
      for (size_t place = 0; place < group.size(); ++place) in &= group[place][static_cast<uint8_t>(p[i + place])];
      any |= in;
    }
    found[i / block_bytes] |= uint64_t{any != 0} << (i % block_bytes);
  }
}

}  // namespace

LiteralFilter::Sets LiteralFilter::sets_at(std::string_view lower, size_t at) {
  Sets sets;
  for (size_t k = 0; k < sets.size(); ++k) {
    if (at + k < lower.size()) {
      sets[k].add(static_cast<uint8_t>(lower[at + k]));
      sets[k].fold_case();
    } else {
      sets[k].invert();
    }
  }
  return sets;
}

void LiteralFilter::add(std::string_view lower, uint32_t id) {
  Literal literal{.text = std::string(lower), .id = id, .watched = 0, .sets = {}};
  float rarest = std::numeric_limits<float>::max();
  for (size_t at = 0; at == 0 || at + watched_bytes <= lower.size(); ++at) {
    const Sets sets = sets_at(lower, at);
    float all = 1;
    for (size_t k = 0; k < watched_bytes; ++k) all *= probability(sets[k]);
    if (all >= rarest) continue;
    rarest = all;
    literal.watched = at;
    literal.sets = sets;
  }
  longest_ = std::max(longest_, lower.size());
  literals_.push_back(std::move(literal));
}

// Of all groups of literals, again and again the two are joined whose joining lets least more through.
void LiteralFilter::share_buckets() {
  struct Group {
    Sets sets;
    float passes = 0;
  };
  const auto joined = [](const Group& one, const Group& other) {
    Group both{one.sets, 1};
    for (size_t k = 0; k < both.sets.size(); ++k) both.sets[k].add_all(other.sets[k]);
    for (size_t k = 0; k < watched_bytes; ++k) both.passes *= probability(both.sets[k]);
    return both;
  };
  std::vector<Group> groups;
  for (const Literal& literal : literals_) {
    const Group alone = joined({literal.sets, 0}, {});
    const auto same = [&](const Group& group) { return group.sets == alone.sets; };
    if (std::ranges::none_of(groups, same)) groups.push_back(alone);
  }
  std::vector<std::vector<float>> costs(groups.size());
  const auto cost = [&](size_t i, size_t j) {
    return joined(groups[i], groups[j]).passes - groups[i].passes - groups[j].passes;
  };
  for (size_t i = 0; i < groups.size(); ++i)
    for (size_t j = 0; j < i; ++j) costs[i].push_back(cost(i, j));
  while (groups.size() > buckets) {
    size_t i = 1, j = 0;
    for (size_t a = 1; a < groups.size(); ++a)
      for (size_t b = 0; b < a; ++b)
        if (costs[a][b] < costs[i][j]) i = a, j = b;
    groups[j] = joined(groups[i], groups[j]);
    groups[i] = groups.back();
    groups.pop_back();
    costs.pop_back();
    for (size_t changed : {i, j})
      for (size_t other = 0; other < groups.size(); ++other)
        if (changed < groups.size() && other != changed)
          costs[std::max(changed, other)][std::min(changed, other)] = cost(changed, other);
  }
  for (size_t bucket = 0; bucket < groups.size(); ++bucket)
    for (size_t place = 0; place < watched_bytes; ++place)
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (!groups[bucket].sets[place].has(static_cast<uint8_t>(byte))) continue;
        const auto bit = static_cast<uint8_t>(1 << (bucket % 8));
        has_[bucket / 8][place][byte] |= bit;
        has_[bucket / 8][place][byte % 128] |= bit;
      }
}

void LiteralFilter::finish() {
  share_buckets();
  std::vector<std::set<uint32_t>> by_hash(size_t{1} << hash_bits);
  for (uint32_t i = 0; i < literals_.size(); ++i) {
    const Sets& sets = literals_[i].sets;
    // Five bits of each byte tell it from others: 32 ways a place are the most.
    std::array<std::set<uint32_t>, watched_bytes> low;
    for (size_t k = 0; k < watched_bytes; ++k)
      for (unsigned byte = 0; byte < 256; ++byte)
        if (sets[k].has(static_cast<uint8_t>(byte))) low[k].insert(byte & 0x1F);
    for (const uint32_t a : low[0])
      for (const uint32_t b : low[1])
        for (const uint32_t c : low[2])
          for (const uint32_t d : low[3]) by_hash[hash_of(a | b << 8 | c << 16 | d << 24)].insert(i);
  }
  for (uint32_t hash = 0; hash < by_hash.size(); ++hash) {
    list_begin_.push_back(static_cast<uint32_t>(list_.size()));
    if (!by_hash[hash].empty()) heads_[hash / 32] |= uint32_t{1} << (hash % 32);
    list_.insert(list_.end(), by_hash[hash].begin(), by_hash[hash].end());
  }
  list_begin_.push_back(static_cast<uint32_t>(list_.size()));
}

bool LiteralFilter::is_fast() {
#if defined(__x86_64__)
  static const bool has_all =
      fastest_instruction_set() == InstructionSet::avx512 && __builtin_cpu_supports("avx512vbmi") != 0;
  return has_all;
#else
  return false;
#endif
}

// Notes where watched bytes may begin in [from, to).
void LiteralFilter::watch(std::string_view text, size_t from, size_t to, PlaceList& places, With with) const {
  std::array<uint64_t, most_blocks> found;
  const auto test = [&](const char* p, size_t n) {
#if defined(__x86_64__)
    if (with == With::avx512) return avx512_blocks(p, n, has_, found.data());
#endif
    static_cast<void>(with);
    plain_blocks(p, n, has_, found.data());
  };
  const size_t readable = text.size() + survey_padding - watched_bytes;
  for (size_t base = from; base < to;) {
    size_t n = std::min({(to - base + block_bytes - 1) / block_bytes, (readable - base) / block_bytes, most_blocks});
    if (n != 0) {
      test(text.data() + base, n);
    } else {  // the last one, of which a few bytes may not be read
      std::array<char, block_bytes + watched_bytes> last{};
      std::memcpy(last.data(), text.data() + base, text.size() - base);
      test(last.data(), 1);
      n = 1;
    }
    for (size_t i = 0; i < n; ++i, base += block_bytes)
      for (uint64_t mask = found[i]; mask != 0; mask &= mask - 1) {
        const size_t place = base + static_cast<size_t>(std::countr_zero(mask));
        if (place < to) places.push_back(static_cast<uint32_t>(place));
      }
  }
}

}  // namespace assay::classify
