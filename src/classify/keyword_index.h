#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/byte_set.h"

namespace assay::classify {

/// What a match at a keyword needs besides it, as far as that is known.
struct KeywordNeeds {
  std::span<const ByteSet> followers;  ///< bytes behind the keyword, by place
  bool digit = false;                  ///< one within so many bytes:
  size_t digit_back = 0;               ///< before the keyword's begin
  size_t digit_forward = 0;            ///< from its begin on
};

/// Finds which keywords begin at a place where a word begins. Made for text in which nearly no place has one: a bit for
/// the first four bytes refuses most words, and what the next four must have in common with the keywords that begin so
/// refuses most of the others. A keyword is indexed by its first run of three ASCII letters, digits or '_' that begins
/// a word; what stands before it in the keyword ("-----BEGIN") is compared backwards.
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
  /// first eight bytes differ in case; some may still come. `needs` lets refuses() and digit_reach() say more; match()
  /// makes no use of them.
  bool add(std::string_view keyword, uint32_t pattern, Case letter_case = Case::ignored, uint32_t gate = 0,
           const KeywordNeeds& needs = {});
  /// To be called once, after the last add().
  void finish();

  /// False when no keyword's word begins at `p`, judged by its first four bytes: the cheaper question, which spares
  /// four words of five the other one.
  bool may_begin(const char* p) const {
    const uint32_t hash = head_hash(load<uint32_t>(p));
    return (heads_[hash / 32] >> (hash % 32) & 1) != 0;
  }

  /// A number for the first four bytes of `p`, where may_begin() said yes.
  uint32_t head_of(const char* p) const {
    const uint32_t hash = head_hash(load<uint32_t>(p));
    const uint32_t before = heads_[hash / 32] & ((uint32_t{1} << (hash % 32)) - 1);
    return heads_before_[hash / 32] + static_cast<uint32_t>(std::popcount(before));
  }

  /// True when no keyword's word begins at `p`, whose head is given, or what must follow it does not: judged by eight
  /// bytes, which must be readable.
  bool refuses(const char* p, uint32_t head) const {
    const auto eight = load<uint64_t>(p);
    const auto& [one, other] = common_[head];
    return (((eight ^ one.value) & one.mask) != 0) & (((eight ^ other.value) & other.mask) != 0);
  }

  /// How far from the word a digit must stand for any keyword of the head to matter, in bytes before and behind; a
  /// reach of no_digit says that it need not.
  struct DigitReach {
    uint16_t back = 0, forward = 0;
  };
  static constexpr uint16_t no_digit = UINT16_MAX;
  DigitReach digit_reach(uint32_t head) const { return lists_[head].reach; }

  /// True when match() would find nothing there, as a look at one keyword tells it. Eight bytes must be readable.
  bool surely_has_none(const char* p, uint32_t head) const {
    const List& list = lists_[head];
    const Probe& probe = list_[list.begin];
    return ((load<uint64_t>(p) | probe.fold) & probe.mask) != probe.head && list.end - list.begin == 1;
  }

  /// Asks memory for the keyword that match() is likely to come to.
  void prefetch(uint32_t head) const { __builtin_prefetch(&keywords_[list_[lists_[head].begin].keyword]); }

  /// Calls visit(keyword, offset of its first byte) for each keyword whose word begins at `at`, where `head` is its
  /// head. Eight bytes must be readable there, though they may lie behind the text.
  template <typename Visit>
  void match(std::string_view text, size_t at, uint32_t head, Visit&& visit) const {
    const auto eight = load<uint64_t>(text.data() + at);
    for (uint32_t i = lists_[head].begin; i < lists_[head].end; ++i) {
      const Probe& probe = list_[i];
      if (((eight | probe.fold) & probe.mask) != probe.head) continue;
      const Keyword& keyword = keywords_[probe.keyword];
      if (at < keyword.word_offset) continue;
      const size_t begin = at - keyword.word_offset;
      if (begin + keyword.text.size() > text.size()) continue;
      if (probe.is_whole || equals_ignoring_case(text.data() + begin, keyword.text)) visit(keyword, begin);
    }
  }

 private:
  static constexpr unsigned head_bits = 17;

  /// The first eight bytes of a keyword's word: `fold` makes letters small, `mask` takes what the word has.
  struct Probe {
    uint64_t head = 0, fold = 0, mask = 0;
    uint32_t keyword = 0;   ///< index into keywords_
    bool is_whole = false;  ///< there is no more of the keyword than that
  };
  /// The bits that keywords have in common in their word's first eight bytes and what must follow.
  struct Common {
    uint64_t value = 0, mask = 0;
  };
  struct Bits;
  struct Head;

  template <typename Number>
  static Number load(const char* p) {
    Number number;
    std::memcpy(&number, p, sizeof number);
    return number;
  }
  /// Of the last five bits of four bytes: letters differ in these, whatever their case.
  static uint32_t head_hash(uint32_t four) { return ((four & 0x1F1F1F1F) * 0x9E3779B1U) >> (32 - head_bits); }
  static Probe probe_of(std::string_view word, Case letter_case);
  static std::array<ByteSet, 8> bytes_of(const Probe& probe, size_t word_bytes, const KeywordNeeds& needs);
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
    std::array<ByteSet, 8> bytes;  ///< that may stand at the word's first bytes and behind it
    DigitReach reach;
  };
  std::vector<Entry> entries_;  // until finish()

  std::vector<Keyword> keywords_;
  std::array<uint32_t, (1 << head_bits) / 32> heads_{};  // by head_hash: whether any word begins so
  std::array<uint16_t, (1 << head_bits) / 32> heads_before_{};
  // The others are by head.
  std::vector<std::array<Common, 2>> common_;  // of its keywords, in two groups that have much in common each
  struct List {
    uint32_t begin = 0, end = 0;  // in list_
    DigitReach reach;
  };
  std::vector<List> lists_;
  std::vector<Probe> list_;
};

}  // namespace assay::classify
