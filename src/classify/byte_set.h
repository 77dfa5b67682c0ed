#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace assay::classify {

/// A set of byte values.
class ByteSet {
 public:
  constexpr ByteSet() = default;

  static constexpr ByteSet of_range(uint8_t first, uint8_t last) {
    ByteSet set;
    for (unsigned b = first; b <= last; ++b) set.add(static_cast<uint8_t>(b));
    return set;
  }
  static constexpr ByteSet of(uint8_t byte) { return of_range(byte, byte); }

  constexpr void add(uint8_t byte) { words_[byte >> 6] |= uint64_t{1} << (byte & 63); }
  constexpr bool has(uint8_t byte) const { return (words_[byte >> 6] >> (byte & 63)) & 1; }
  constexpr void add_all(const ByteSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  constexpr void keep_all(const ByteSet& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  constexpr void invert() {
    for (auto& word : words_) word = ~word;
  }
  constexpr bool empty() const { return (words_[0] | words_[1] | words_[2] | words_[3]) == 0; }
  constexpr unsigned size() const {
    unsigned n = 0;
    for (const uint64_t word : words_) n += static_cast<unsigned>(std::popcount(word));
    return n;
  }
  /// A bit for each of the bytes from 64 * n on.
  constexpr uint64_t word(size_t n) const { return words_[n]; }
  /// The smallest byte; 0 when empty.
  constexpr uint8_t first() const {
    for (unsigned i = 0; i < words_.size(); ++i)
      if (words_[i] != 0) return static_cast<uint8_t>(64 * i + static_cast<unsigned>(std::countr_zero(words_[i])));
    return 0;
  }
  constexpr bool is_subset_of(const ByteSet& other) const {
    for (size_t i = 0; i < words_.size(); ++i)
      if ((words_[i] & ~other.words_[i]) != 0) return false;
    return true;
  }
  /// Adds the other case of each ASCII letter.
  constexpr void fold_case() {
    for (uint8_t c = 'a'; c <= 'z'; ++c) {
      const auto upper = static_cast<uint8_t>(c - 'a' + 'A');
      if (has(c) || has(upper)) {
        add(c);
        add(upper);
      }
    }
  }
  constexpr bool operator==(const ByteSet&) const = default;

 private:
  std::array<uint64_t, 4> words_{};
};

constexpr ByteSet digit_bytes() { return ByteSet::of_range('0', '9'); }
/// What \w matches: the bytes of a token.
constexpr ByteSet word_bytes() {
  ByteSet set = digit_bytes();
  set.add_all(ByteSet::of_range('a', 'z'));
  set.add_all(ByteSet::of_range('A', 'Z'));
  set.add('_');
  return set;
}

}  // namespace assay::classify
