#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "classify/byte_set.h"
#include "classify/survey.h"

namespace assay::classify {

/// Finds which of some ten or hundred literals stand in text, whatever their ASCII case, where nearly none does. Each
/// literal is watched by four bytes of it that are rare together. One SIMD pass asks of each place whether they may
/// stand there: literals share sixteen buckets, of each of which a byte knows by one bit whether it
/// is in it at its place (the idea of Teddy, of Hyperscan). Few places are let through, and looked up.
class LiteralFilter {
 public:
  /// `lower` is not empty. `id` is what find() tells of it.
  void add(std::string_view lower, uint32_t id);
  /// To be called once, after the last add().
  void finish();

  /// With more than these, too much is let through.
  static constexpr size_t most_literals = 256;
  /// Whether this processor has instructions that make it worth its while.
  static bool is_fast();
  /// Ways to look that find the same; avx512 is what is_fast() speaks of.
  enum class With : uint8_t { plain, avx512 };

  /// Calls visit(id, offset) for each literal that begins in [from, to) and ends in the text, which has survey_padding
  /// readable bytes behind it. `places` is working memory.
  template <typename Visit>
  void find(std::string_view text, size_t from, size_t to, PlaceList& places, Visit&& visit) const {
    find(text, from, to, places, visit, is_fast() ? With::avx512 : With::plain);
  }
  template <typename Visit>
  void find(std::string_view text, size_t from, size_t to, PlaceList& places, Visit&& visit, With with) const {
    if (from >= to || literals_.empty()) return;
    places.clear();
    watch(text, from, std::min(to + longest_, text.size()), places, with);
    for (const uint32_t place : places) {
      uint32_t four = 0;
      std::memcpy(&four, text.data() + place, sizeof four);
      const uint32_t hash = hash_of(four);
      if ((heads_[hash / 32] >> (hash % 32) & 1) == 0) continue;
      for (uint32_t i = list_begin_[hash]; i < list_begin_[hash + 1]; ++i) {
        const Literal& literal = literals_[list_[i]];
        if (place < from + literal.watched || place - literal.watched >= to) continue;
        const size_t begin = place - literal.watched;
        if (begin + literal.text.size() <= text.size() && stands_at(text.data() + begin, literal.text))
          visit(literal.id, begin);
      }
    }
  }

 private:
  static constexpr size_t watched_bytes = 4, buckets = 16;
  static constexpr unsigned hash_bits = 12;
  using Sets = std::array<ByteSet, watched_bytes>;

  struct Literal {
    std::string text;
    uint32_t id = 0;
    size_t watched = 0;  ///< where the watched bytes begin
    Sets sets;           ///< the bytes that may stand there; what is behind the literal may be anything
  };

  /// Of the last five bits of four bytes: letters differ in these, whatever their case.
  static uint32_t hash_of(uint32_t four) { return ((four & 0x1F1F1F1F) * 0x9E3779B1U) >> (32 - hash_bits); }
  static bool stands_at(const char* p, const std::string& lower) {
    for (size_t i = 0; i < lower.size(); ++i) {
      const char c = p[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
    }
    return true;
  }
  static Sets sets_at(std::string_view lower, size_t at);
  void share_buckets();
  void watch(std::string_view text, size_t from, size_t to, PlaceList& places, With with) const;

  std::vector<Literal> literals_;
  size_t longest_ = 0;
  // By watched byte and its value: a bit for each bucket that has it there, eight buckets side by side. A byte beyond
  // ASCII has its bits also where its seven lower bits say, which is all that the fastest instructions look at.
  std::array<std::array<std::array<uint8_t, 256>, watched_bytes>, buckets / 8> has_{};
  std::array<uint32_t, (1 << hash_bits) / 32> heads_{};  // by hash_of the watched bytes: whether any literal has it
  std::vector<uint32_t> list_begin_;                     // by hash, and one more
  std::vector<uint32_t> list_;                           // of literals_
};

}  // namespace assay::classify
