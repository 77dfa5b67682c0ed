#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "classify/instruction_set.h"
#include "classify/keyword_index.h"

namespace assay::classify {

/// Offsets in a window, in order. Grows like a vector, but leaves room unwritten, so that the survey can write first
/// and keep after.
class PlaceList {
 public:
  const uint32_t* begin() const { return places_.get(); }
  const uint32_t* end() const { return places_.get() + size_; }
  size_t size() const { return size_; }
  void clear() { size_ = 0; }
  void push_back(uint32_t place) {
    room_for(1)[0] = place;
    ++size_;
  }
  /// Where the next `n` places may be written; keep() says how many of them count.
  uint32_t* room_for(size_t n) {
    if (size_ + n > capacity_) grow(size_ + n);
    return places_.get() + size_;
  }
  void keep(size_t n) { size_ += n; }

 private:
  void grow(size_t wanted) {
    const size_t capacity = 2 * wanted + 64;
    auto larger = std::make_unique_for_overwrite<uint32_t[]>(capacity);
    if (size_ != 0) std::memcpy(larger.get(), places_.get(), size_ * sizeof(uint32_t));
    places_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<uint32_t[]> places_;
  size_t size_ = 0, capacity_ = 0;
};

/// The places in a window where a pattern may begin, in order. Found in one SIMD pass at many GB/s, so that patterns
/// are tried only there.
struct Survey {
  PlaceList digit_tokens;   ///< first bytes of tokens ([A-Za-z0-9_]+) that hold a digit in their first 48 bytes
  PlaceList keyword_words;  ///< first bytes of words that a keyword may begin with
  PlaceList keyword_heads;  ///< KeywordIndex::head_of each of these words
  PlaceList at_signs;       ///< '@'
  PlaceList schemes;        ///< the ':' of "://"

  /// A bit for each digit of the window, 64 bytes a word; known for the bytes [digits_from, digits_to).
  std::vector<uint64_t> digit_blocks;
  std::vector<uint32_t> digits_before;  ///< the number of known digits before each of these blocks, and before the end
  size_t digits_from = 0, digits_to = 0;

  /// False when no digit is in [from, to), judged by whole blocks. What is not known may hold some. Without a branch.
  bool may_have_digit(size_t from, size_t to) const {
    const size_t last = std::min(to, digits_to), first = std::min(from, last);
    return (static_cast<int>(from < digits_from) | static_cast<int>(to > digits_to) |
            static_cast<int>(digits_before[first / 64] != digits_before[(last + 63) / 64])) != 0;
  }

  PlaceList blocks_beyond_ascii;  ///< those of 64 bytes, of the known ones, that hold a byte beyond ASCII
  /// Whether a byte beyond ASCII may be in [from, to), judged by whole blocks. All of it must be known.
  bool may_have_beyond_ascii(size_t from, size_t to) const {
    const auto* const block = std::lower_bound(blocks_beyond_ascii.begin(), blocks_beyond_ascii.end(), from / 64 * 64);
    return block != blocks_beyond_ascii.end() && *block < to;
  }

  void clear();
};

/// Bytes that must be readable after the window's text.
inline constexpr size_t survey_padding = 64;

/// Appends to `survey` the places that begin in [from, to) of `text`; what is before `from` and after `to` is looked at
/// to tell where tokens begin. `keywords` tells which words matter.
void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey);
void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey,
                   InstructionSet with);

}  // namespace assay::classify
