#pragma once

#include <memory>
#include <string_view>

#include "classify/token_regex.h"

namespace assay::classify {

/// What repeats without an end.
inline constexpr unsigned unbounded = ~0U;

/// What every match of a regex is made of, and more: a tree that matches all that PCRE2 would match, since look-around
/// and edges are left out. Null for syntax that it does not know (back-references, conditions, recursion, POSIX
/// classes): nothing can be said of those.
std::unique_ptr<RegexNode> outline_of(std::string_view regex, bool ignore_case);

/// The longest match in bytes, or `unbounded`.
unsigned longest_match(const RegexNode& node);

/// How many digits each match has at least.
unsigned fewest_digits(const RegexNode& node);

/// The bytes of which each match has one, as far as single bytes are asked for.
ByteSet bytes_in_every_match(const RegexNode& node);

/// How many bytes in a row, none of them a blank or a control character, each match has somewhere at least.
unsigned longest_solid_run(const RegexNode& node);

}  // namespace assay::classify
