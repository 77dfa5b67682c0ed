#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "classify/byte_set.h"

namespace assay::classify {

/// A node of the part of PCRE2's syntax that a token pattern may use.
struct RegexNode {
  enum class Kind : uint8_t { empty, bytes, sequence, choice, repeat } kind = Kind::empty;
  ByteSet bytes;                                     ///< bytes
  std::vector<std::unique_ptr<RegexNode>> children;  ///< sequence, choice; repeat has one
  unsigned min = 0, max = 0;                         ///< repeat
};

/// One alternative of a token pattern, its edge conditions taken off.
struct TokenBranch {
  std::unique_ptr<RegexNode> body;
  ByteSet not_before;             ///< the byte before the match may not be one of these
  ByteSet not_after;              ///< the byte after the match may not be one of these
  bool end_is_word_edge = false;  ///< ended with \b
};

/// Why a pattern cannot be run as a token pattern, or its branches.
struct TokenRegex {
  std::vector<TokenBranch> branches;
  std::string refusal;  ///< empty when branches is usable
};

/// Longest match of a token pattern, in bytes.
inline constexpr unsigned token_match_bytes = 160;

/// Short runs of letters that a match may have before the token with the first digit, each with one blank, '-' or ':'
/// behind; before ':' they may be longer by one (groups of IPv6).
inline constexpr unsigned max_leads = 2;
inline constexpr unsigned max_lead_letters = 3, max_lead_letters_before_colon = 4;

/// Parses `regex` and checks that each match begins at a token that has a digit, or at '+' or '(' before one, or at the
/// leads before one, is at most token_match_bytes long, and needs no look-around, back-reference or unbounded repeat
/// inside. Never throws: syntax that it does not know is a refusal (PCRE2 judges whether it is an error).
TokenRegex parse_token_regex(std::string_view regex, bool ignore_case);

}  // namespace assay::classify
