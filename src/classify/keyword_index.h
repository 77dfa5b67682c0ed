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
/// answer "none" costs a load from each of two tables of 8 KiB, and a false "maybe" one comparison of eight bytes.
/// A keyword is indexed by its first run of three ASCII letters, digits or '_' that begins a word; what stands before
/// it in the keyword ("-----BEGIN") is compared backwards.
class KeywordIndex {
 public:
  struct Keyword {
    std::string text;        ///< lower case
    size_t word_offset = 0;  ///< where in `text` the indexed word begins
    uint32_t pattern = 0;
  };

  enum class Case : uint8_t { ignored, exact };

  /// False when the keyword has no indexable word; the caller must find it another way. Case::exact spares hits whose
  /// first eight bytes differ in case; some may still come.
  bool add(std::string_view keyword, uint32_t pattern, Case letter_case = Case::ignored);
  /// To be called once, after the last add().
  void finish();

  /// True when no keyword's word begins with the four bytes at `p` (four readable bytes).
  bool refuses(const char* p) const {
    const uint32_t long_hash = hash4(p), short_hash = hash3(p);
    return (((filter_[long_hash >> 6] >> (long_hash & 63)) | (short_filter_[short_hash >> 6] >> (short_hash & 63))) &
            1) == 0;
  }

  /// Calls visit(keyword, offset of its first byte) for each keyword whose word begins at `at`. Eight bytes must be
  /// readable there, though they may lie behind the text.
  template <typename Visit>
  void match(std::string_view text, size_t at, Visit&& visit) const {
    match_bucket(text, at, hash4(text.data() + at) & (bucket_count - 1), visit);
    if (has_short_) match_bucket(text, at, bucket_count + (hash3(text.data() + at) & (bucket_count - 1)), visit);
  }

 private:
  static constexpr uint32_t filter_bits = 1 << 16;
  static constexpr uint32_t bucket_count = 1 << 13;

  /// The first eight bytes of a keyword's word: `fold` makes letters small, `mask` takes what the word has.
  struct Probe {
    uint64_t head = 0, fold = 0, mask = 0;
  };

  template <typename Visit>
  void match_bucket(std::string_view text, size_t at, uint32_t bucket, Visit&& visit) const {
    if (bucket_begin_[bucket] == bucket_begin_[bucket + 1]) return;
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    for (uint32_t i = bucket_begin_[bucket]; i < bucket_begin_[bucket + 1]; ++i) {
      const Probe& probe = probes_[i];
      if (((eight | probe.fold) & probe.mask) != probe.head) continue;
      const Keyword& keyword = entries_[i].keyword;
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
  static Probe probe_of(std::string_view word, Case letter_case);
  static bool equals_ignoring_case(const char* p, const std::string& lower) {
    for (size_t i = 0; i < lower.size(); ++i) {
      char c = p[i];
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
      if (c != lower[i]) return false;
    }
    return true;
  }

  struct Entry {
    Keyword keyword;
    Probe probe;
  };

  std::vector<Entry> entries_;  // by bucket: first those whose word has four bytes or more, then those of three
  std::vector<Probe> probes_;   // of entries_, side by side
  bool has_short_ = false;
  std::vector<uint32_t> bucket_begin_;
  std::array<uint64_t, filter_bits / 64> filter_{}, short_filter_{};
};

}  // namespace assay::classify
