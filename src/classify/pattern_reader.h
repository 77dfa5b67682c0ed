#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/keyword_gate.h"
#include "classify/pcre.h"
#include "classify/token_regex.h"
#include "model/rule.h"

namespace assay::classify {

/// How a pattern is searched.
enum class SearchKind : uint8_t {
  token,    ///< by the shared automaton, at tokens that hold a digit
  keyword,  ///< by PCRE2, around a keyword
  line,     ///< by PCRE2, on lines that Vectorscan says may match: for patterns of users that are neither
};

std::string_view to_string(SearchKind kind) noexcept;

/// What is to be known of a pattern before it takes its place among the others.
struct ReadPattern {
  SearchKind kind = SearchKind::line;
  std::unique_ptr<Pcre> regex;        ///< of keyword and line patterns, and of token patterns with a group
  bool starts_with_keyword = false;   ///< each match does
  std::vector<std::string> exact;     ///< by keyword, see KeywordBeginnings
  std::vector<KeywordGate> gates;     ///< by keyword
  std::vector<TokenBranch> branches;  ///< of a token pattern
  std::string refusal;                ///< why it is no token pattern
  std::exception_ptr failure;         ///< core::Error(bad_input): there is no such regex; the rest is empty
};

struct PatternSource {
  const model::Rule& owner;
  const model::Pattern& pattern;
};

/// Each by itself, on as many processors as there are: most of what rules cost at the start is spent here.
std::vector<ReadPattern> read_patterns(std::span<const PatternSource> sources);

}  // namespace assay::classify
