#pragma once

#include <string>
#include <vector>

#include "classify/rule_loader.h"

namespace assay::cli {

/// The rule files that a command works with: the built-in ones, unless `only_own` and there are own ones, and those of
/// `own`, each a directory or a file. Throws core::Error(bad_input) when one of these holds no rules.
std::vector<classify::RuleSource> rule_sources(const std::vector<std::string>& own, bool only_own);

}  // namespace assay::cli
