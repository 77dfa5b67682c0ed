#pragma once

#include <string>
#include <vector>

#include "classify/candidate.h"
#include "classify/compiled_rules.h"

namespace assay::classify {

/// How a match came to its confidence, a line a step, for a person.
std::vector<std::string> reasons(const CompiledRules& rules, const Match& match);

std::string_view to_string(Drop drop) noexcept;

}  // namespace assay::classify
