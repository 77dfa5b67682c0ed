#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace assay::classify {

/// Finds which keywords begin at a place where a word begins. Made for text in which nearly no place has one: the
/// answer "none" costs one load from a table of 8 KiB.
/// A keyword is indexed by its first run of three ASCII letters, digits or '_' that begins a word; what stands before it
/// in the keyword ("-----BEGIN") is compared backwards.
class KeywordIndex {
 public:
  struct Keyword {
    std::string text;      ///< lower case
    size_t word_offset = 0;  ///< where in `text` the indexed word begins
    uint32_t pattern = 0;
  };

  /// False when the keyword has no indexable word; the caller must find it another way.
  bool add(std::string_view keyword, uint32_t pattern);
  /// To be called once, after the last add().
  void finish();

  /// True when no keyword's word begins with the four bytes at `p` (four readable bytes).
  bool refuses(const char* p) const {
    const uint32_t h = hash4(p);
    return ((filter_[h >> 6] >> (h & 63)) & 1) == 0;
  }

  /// Calls visit(keyword, offset of its first byte) for each keyword whose word begins at `at`.
  template <typename Visit>
  void match(std::string_view text, size_t at, Visit&& visit) const {
    if (at + 4 <= text.size()) match_bucket(text, at, hash4(text.data() + at) & (bucket_count - 1), visit);
    if (has_short_ && at + 3 <= text.size()) match_bucket(text, at, bucket_count + (hash3(text.data() + at) & (bucket_count - 1)), visit);
  }

 private:
  static constexpr uint32_t filter_bits = 1 << 16;
  static constexpr uint32_t bucket_count = 1 << 13;

  template <typename Visit>
  void match_bucket(std::string_view text, size_t at, uint32_t bucket, Visit&& visit) const {
    for (uint32_t i = bucket_begin_[bucket]; i < bucket_begin_[bucket + 1]; ++i) {
      const Keyword& keyword = keywords_[i];
      if (at < keyword.word_offset) continue;
      const size_t begin = at - keyword.word_offset;
      if (begin + keyword.text.size() <= text.size() && equals_ignoring_case(text.data() + begin, keyword.text))
        visit(keyword, begin);
    }
  }

  // ASCII case folds; digits and some signs fold with others, which the comparison sorts out.
  static uint32_t hash3(const char* p) {
    uint32_t v = 0;
    std::memcpy(&v, p, 3);
    return ((v | 0x202020) * 0x9E3779B1U) >> 16;
  }
  static uint32_t hash4(const char* p) {
    uint32_t v = 0;
    std::memcpy(&v, p, 4);
    return ((v | 0x20202020) * 0x9E3779B1U) >> 16;
  }
  static bool equals_ignoring_case(const char* p, const std::string& lower) {
    for (size_t i = 0; i < lower.size(); ++i) {
      char c = p[i];
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
      if (c != lower[i]) return false;
    }
    return true;
  }

  std::vector<Keyword> keywords_;  // by bucket: first those whose word has four bytes or more, then those of three
  bool has_short_ = false;
  std::vector<uint32_t> bucket_begin_;
  std::array<uint64_t, filter_bits / 64> filter_{};
};

}  // namespace assay::classify
