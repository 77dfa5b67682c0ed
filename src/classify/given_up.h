#pragma once

#include <optional>
#include <string>

#include "classify/compiled_rules.h"
#include "classify/scratch.h"

namespace assay::classify {

/// What to say of the text that was scanned with `scratch` since this was last asked: which patterns reached a bound of
/// PCRE2 instead of an answer, so that what they look for may be missing. Nothing when none did. Names rules, never
/// text.
std::optional<std::string> take_given_up(const CompiledRules& rules, Scratch& scratch);

/// A text on which the pattern reaches that bound, told as "a run of 'x'", or nothing: tries runs of what its regex is
/// written with and of what its rule's examples hold. What it does not come upon may be there all the same. Nothing for
/// patterns that only the shared automaton runs, which has no such bound.
std::optional<std::string> strain(const CompiledPattern& pattern, const model::Rule& rule, Pcre::Scratch& scratch);

}  // namespace assay::classify
