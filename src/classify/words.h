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
  static constexpr size_t max_phrase_words = 5;
  static constexpr size_t filter_bits = 1 << 15;

  void find_unspaced(std::string_view run, uint32_t base, std::vector<WordHit>& hits) const;
  uint32_t word_id(std::string_view lower) const;

  std::vector<std::string> texts_;
  std::unordered_map<std::string, uint32_t> words_;                       // lower-case word -> word id, from 1
  std::unordered_map<std::string, uint32_t> phrases_;                     // bytes of the word ids -> phrase id
  std::vector<uint8_t> longest_ending_in_;                                // by word id: words of the longest phrase it ends
  std::unordered_map<std::string, std::vector<uint32_t>> unspaced_;       // first character -> phrases
  std::array<uint64_t, filter_bits / 64> filter_{};                       // hashes of words, to refuse most in one load
};

}  // namespace assay::classify
