#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "classify/byte_set.h"
#include "classify/keyword_index.h"
#include "classify/regex_outline.h"

namespace assay::classify {

/// What a pattern's outline says of all its matches, whatever their keyword: to be made once for its many keywords.
struct MatchTraits {
  /// Null: the outline is not known. It must outlive this.
  explicit MatchTraits(const RegexNode* outline);

  const RegexNode* outline = nullptr;
  unsigned longest = 0;        ///< bytes, or `unbounded`; what follows is only known when it is within reach
  unsigned fewest_digits = 0;  ///< that a match has
  ByteSet needed;              ///< a match has each of them
  unsigned solid_run = 0;      ///< bytes in a row without a blank that a match has
};

/// What must stand around a keyword for its pattern to match there, as far as a few bytes tell it: most keywords are
/// ordinary words, and asking PCRE2 at each costs more than all else. A gate that lets pass promises nothing; one that
/// does not is sure.
class KeywordGate {
 public:
  /// Lets all pass.
  KeywordGate() = default;

  /// Of the pattern that is told of, at one of its keywords, in any case. `begins_with_keyword` says that each match
  /// does.
  KeywordGate(const MatchTraits& traits, std::string_view keyword, bool begins_with_keyword);

  /// False when no match holds the keyword that stands at [begin, end) of the text. `digits` has a bit for each digit
  /// of the text, 64 bytes a word, and is known for [digits_from, digits_to).
  bool lets_pass(std::string_view text, size_t begin, size_t end, const uint64_t* digits, size_t digits_from,
                 size_t digits_to) const {
    if (followers_ != 0 && end + max_followers <= text.size())
      for (size_t i = 0; i < followers_; ++i)
        if (!follows_[i].has(static_cast<uint8_t>(text[end + i]))) return false;
    return (digits_ == 0 || has_digits(begin, end, digits, digits_from, digits_to)) &&
           (needed_ == 0 || has_needed(text, begin, end)) && (solid_run_ == 0 || has_solid_run(text, begin, end));
  }

  /// What of it can be told before the keyword is known to stand there. Valid as long as the gate.
  KeywordNeeds needs(size_t keyword_bytes) const {
    return {.followers = std::span(follows_).first(followers_),
            .digit = digits_ != 0,
            .digit_back = begins_with_keyword_ || longest_ < keyword_bytes ? 0 : longest_ - keyword_bytes,
            .digit_forward = longest_};
  }

 private:
  static constexpr size_t max_followers = 6;

  bool has_digits(size_t begin, size_t end, const uint64_t* digits, size_t digits_from, size_t digits_to) const;
  bool has_needed(std::string_view text, size_t begin, size_t end) const;
  bool has_solid_run(std::string_view text, size_t begin, size_t end) const;
  void learn_followers(const RegexNode& outline, std::string_view keyword);

  unsigned followers_ = 0;  // how many of follows_ exclude any byte
  std::array<ByteSet, max_followers> follows_{};
  unsigned digits_ = 0;     // a match has as many
  uint8_t needed_ = 0;      // and this byte
  uint32_t solid_run_ = 0;  // and so many bytes in a row without a blank, when they are many
  uint32_t longest_ = 0;    // and at most so many bytes
  bool begins_with_keyword_ = false;
};

}  // namespace assay::classify
