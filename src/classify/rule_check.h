#pragma once

#include <optional>
#include <string>

#include "model/rule.h"

namespace assay::classify {

/// What is wrong with a pattern: a regex that PCRE2 refuses, a group that it does not have, keywords too short.
std::optional<std::string> check_pattern(const model::Rule& rule, const model::Pattern& pattern);

/// What is wrong with the name of a validator; "" is none and fine.
std::optional<std::string> check_validator(const std::string& name);

}  // namespace assay::classify
