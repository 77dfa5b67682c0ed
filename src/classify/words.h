#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::classify {

/// A word or phrase of the dictionary standing in text.
struct WordHit {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t phrase = 0;
};

/// The words and phrases that any rule's context names, found in text whatever its case and naming style:
/// "social security" is in "SocialSecurity", "SOCIAL_SECURITY" and "social-security". Words end where letters end, at
/// a digit, and where lower case turns to upper. Words of scripts written without spaces are found inside runs.
/// Immutable once filled.
class WordDictionary {
 public:
  /// Phrase id of `phrase` (lower case, words separated by anything but letters); the same phrase has one id.
  uint32_t add(std::string_view phrase);

  size_t size() const { return texts_.size(); }
  const std::string& text(uint32_t phrase) const { return texts_[phrase]; }

  /// Appends all hits in `text`, ordered by their ends. `base` is added to the offsets.
  void find(std::string_view text, uint32_t base, std::vector<WordHit>& hits) const;

 private:
  class Finder;
  static constexpr size_t max_phrase_words = 5;
  static constexpr uint32_t none = UINT32_MAX;

  /// A word in lower case, as it is compared: its length, its first and its last eight bytes, which is all of it for
  /// words of up to sixteen bytes; longer ones that agree in these count as the same.
  struct Key {
    uint64_t head = 0, tail = 0;
    uint32_t size = 0;
    bool operator==(const Key&) const = default;
  };
  struct Slot {
    Key key;
    uint32_t id = 0;  ///< of the word, from 1; 0 is an empty slot
  };
  struct Word {
    uint32_t phrase = none;      ///< the phrase that is this word alone
    uint8_t longest_phrase = 0;  ///< words of the longest phrase that ends in it
  };

  /// The ids of a phrase's words; zeros behind.
  using PhraseKey = std::array<uint32_t, max_phrase_words>;
  struct PhraseHash {
    size_t operator()(const PhraseKey& key) const;
  };

  static Key key_of(std::string_view lower);
  static size_t hash(const Key& key);
  uint32_t word_id(const Key& key) const { return word_id(key, hash(key)); }
  uint32_t word_id(const Key& key, size_t hash) const;
  bool may_have(size_t hash) const { return ((filter_[hash / 64 % filter_.size()] >> (hash % 64)) & 1) != 0; }
  void find_unspaced(std::string_view run, uint32_t base, std::vector<WordHit>& hits) const;
  void grow_slots();

  std::vector<std::string> texts_;
  std::array<uint64_t, 1024> filter_{};  // by hash: whether any word has it; small enough to stay near
  std::vector<Slot> slots_;              // open addressing, a power of two
  std::vector<Word> words_{1};           // by word id
  std::unordered_map<PhraseKey, uint32_t, PhraseHash> phrases_;
  std::unordered_map<std::string, std::vector<uint32_t>> unspaced_;  // first character -> phrases
};

}  // namespace assay::classify
