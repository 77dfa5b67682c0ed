#include "classify/rule_check.h"

#include <fmt/format.h>

#include "classify/pcre.h"
#include "classify/validators/validator.h"
#include "core/error.h"

namespace assay::classify {

std::optional<std::string> check_pattern(const model::Rule& rule, const model::Pattern& pattern) {
  try {
    const Pcre regex(pattern.regex, pattern.ignore_case, Pcre::Jit::no);
    if (pattern.group > regex.group_count())
      return fmt::format("pattern '{}' of rule '{}' has no capture group {}", pattern.name, rule.name, pattern.group);
    if (regex.matches_empty())
      return fmt::format("pattern '{}' of rule '{}' matches the empty string", pattern.name, rule.name);
  } catch (const core::Error& error) {
    return fmt::format("pattern '{}' of rule '{}': {}", pattern.name, rule.name, error.what());
  }
  for (const auto& keyword : pattern.keywords)
    if (keyword.size() < 2 && keyword != "@")
      return fmt::format("keyword '{}' of rule '{}' is shorter than 2 bytes", keyword, rule.name);
  return check_validator(pattern.validator);
}

std::optional<std::string> check_validator(const std::string& name) {
  if (name.empty() || find_validator(name) != nullptr) return std::nullopt;
  return fmt::format("there is no validator '{}'; `assay rules list --validators` shows them", name);
}

}  // namespace assay::classify
