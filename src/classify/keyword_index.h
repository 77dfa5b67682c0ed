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
/// answer "none" costs one cache line of a small table, and a false "maybe" a comparison of eight bytes.
/// A keyword is indexed by its first run of three ASCII letters, digits or '_' that begins a word; what stands before
/// it in the keyword ("-----BEGIN") is compared backwards.
class KeywordIndex {
 public:
  struct Keyword {
    std::string text;        ///< lower case
    size_t word_offset = 0;  ///< where in `text` the indexed word begins
    uint32_t pattern = 0;
    uint32_t gate = 0;  ///< index into CompiledRules::gates
  };

  enum class Case : uint8_t { ignored, exact };

  /// False when the keyword has no indexable word; the caller must find it another way. Case::exact spares hits whose
  /// first eight bytes differ in case; some may still come.
  bool add(std::string_view keyword, uint32_t pattern, Case letter_case = Case::ignored, uint32_t gate = 0);
  /// To be called once, after the last add().
  void finish();

  /// False when no keyword's word begins at `p`, judged by its first four bytes: the cheaper question, which spares
  /// four words of five the other one.
  bool may_begin(const char* p) const {
    uint32_t four = 0;
    std::memcpy(&four, p, sizeof four);
    const uint32_t hash = head_hash(four);
    return (heads_[hash / 32] >> (hash % 32) & 1) != 0;
  }

  /// True when no keyword's word begins at `p`, judged by its first six bytes (eight must be readable).
  bool refuses(const char* p) const {
    uint64_t eight = 0;
    std::memcpy(&eight, p, sizeof eight);
    const uint32_t hash = hash_of(eight);
    const Followers& next = followers_[hash >> (32 - bucket_bits)];
    const uint32_t six = six_hash(eight);
    // A shift counts by its last bits: those that letters differ in.
    const auto has = [](auto set, uint64_t byte) { return static_cast<uint32_t>(set >> (byte % (8 * sizeof set))); };
    const uint32_t of_four_or_five =
        has(next.hashes, hash >> check_shift) & has(next.fourth, eight >> 24) & has(next.fifth, eight >> 32);
    const uint32_t any = of_four_or_five | has(three_bytes_[hash >> 21], hash >> 16) | has(sixes_[six / 32], six);
    return (any & 1) == 0;
  }

  /// Calls visit(keyword, offset of its first byte) for each keyword whose word begins at `at`. Eight bytes must be
  /// readable there, though they may lie behind the text.
  template <typename Visit>
  void match(std::string_view text, size_t at, Visit&& visit) const {
    uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, sizeof eight);
    const uint32_t bucket = hash_of(eight) >> (32 - bucket_bits);
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

 private:
  static constexpr unsigned bucket_bits = 11;
  static constexpr uint32_t bucket_count = 1 << bucket_bits;
  static constexpr unsigned head_bits = 17, six_bits = 15;
  static constexpr unsigned check_shift = 32 - bucket_bits - 5;

  /// The first eight bytes of a keyword's word: `fold` makes letters small, `mask` takes what the word has.
  struct Probe {
    uint64_t head = 0, fold = 0, mask = 0;
  };

  /// Of the first three bytes. ASCII case folds; digits and some signs fold with others, which comparisons sort out.
  static uint32_t hash_of(uint64_t eight) { return (static_cast<uint32_t>(eight) << 8 | 0x20202000) * 0x9E3779B1U; }
  /// Of the last five bits of four bytes: letters differ in these, whatever their case.
  static uint32_t head_hash(uint32_t four) { return ((four & 0x1F1F1F1F) * 0x9E3779B1U) >> (32 - head_bits); }
  static uint32_t six_hash(uint64_t eight) {
    return static_cast<uint32_t>(((eight & 0x1F1F1F1F1F1F) * 0x9E3779B97F4A7C15U) >> (64 - six_bits));
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

  /// What the words of four and five bytes of a bucket have, as sets: five further bits of the hash, and the last six
  /// bits, which tell small letters from capitals, of the fourth and fifth byte.
  struct Followers {
    uint64_t fourth = 0, fifth = 0;
    uint32_t hashes = 0;
  };

  std::vector<Entry> entries_;                           // by bucket
  std::vector<Probe> probes_;                            // of entries_, side by side
  std::vector<uint32_t> bucket_begin_;                   // and one more
  std::array<uint32_t, (1 << head_bits) / 32> heads_{};  // by head_hash: whether any word begins so
  std::array<Followers, bucket_count> followers_{};
  std::array<uint32_t, 1 << 11> three_bytes_{};         // the words of three bytes, by sixteen bits of the hash
  std::array<uint32_t, (1 << six_bits) / 32> sixes_{};  // the words of six bytes and more, by six_hash
};

}  // namespace assay::classify
