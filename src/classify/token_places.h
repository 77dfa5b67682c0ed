#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "classify/token_dfa.h"

namespace assay::classify {

/// Appends where token patterns are tried for the token with a digit that begins at `begin`.
void add_token_starts(std::string_view text, uint32_t begin, std::vector<TokenDfa::Start>& starts);

/// Whether a match stands by itself, by the measure of rules with loose edges and by the stricter one of the others.
struct Wholeness {
  bool loosely = false, strictly = false;
};

/// A match that is a piece of a longer number, token or hyphenated identifier is not one. Which digits the text holds
/// makes no difference.
Wholeness wholeness(std::string_view text, size_t begin, size_t end);

}  // namespace assay::classify
