#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "classify/keyword_index.h"

namespace assay::classify {

/// The places in a window where a pattern may begin, in order. Found in one SIMD pass at many GB/s, so that patterns
/// are tried only there.
struct Survey {
  std::vector<uint32_t> digit_tokens;   ///< first bytes of tokens ([A-Za-z0-9_]+) that hold a digit in their first 48 bytes
  std::vector<uint32_t> keyword_words;  ///< first bytes of words that a keyword may begin with
  std::vector<uint32_t> at_signs;       ///< '@'
  std::vector<uint32_t> schemes;        ///< the ':' of "://"

  void clear();
};

/// Bytes that must be readable after the window's text.
inline constexpr size_t survey_padding = 64;

/// Appends to `survey` the places that begin in [from, to) of `text`; what is before `from` and after `to` is looked at
/// to tell where tokens begin. `keywords` tells which words matter.
void survey_window(std::string_view text, size_t from, size_t to, const KeywordIndex& keywords, Survey& survey);

}  // namespace assay::classify
