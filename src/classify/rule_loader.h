#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/rule.h"

namespace assay::classify {

/// The text of one rule file.
struct RuleSource {
  std::string file;  ///< as messages name it
  std::string yaml;
};

/// Reads the rules of one file (docs/rules.md), or the recognisers of a file written for Presidio (`recognizers:`).
/// Throws core::Error(bad_input) as "file:line: reason" at the first thing that is wrong: unknown keys, missing ones,
/// values out of range, regexes that PCRE2 refuses, validators that do not exist.
std::vector<model::Rule> load_rules(const RuleSource& source);

/// All rules of several files; a name that occurs twice is an error.
std::vector<model::Rule> load_rules(const std::vector<RuleSource>& sources);

/// The files *.yaml and *.yml under `directory`, sorted by path. Throws core::Error when it cannot be read.
std::vector<RuleSource> read_rule_directory(const std::string& directory);

/// The rule files that were built in.
std::vector<RuleSource> builtin_rule_sources();

}  // namespace assay::classify
