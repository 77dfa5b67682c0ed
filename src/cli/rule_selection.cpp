#include "cli/rule_selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/error.h"

namespace assay::cli {

std::vector<classify::RuleSource> rule_sources(const std::vector<std::string>& own, bool only_own) {
  std::vector<classify::RuleSource> sources;
  if (!only_own || own.empty()) sources = classify::builtin_rule_sources();
  for (const auto& path : own) {
    auto more = classify::read_rule_directory(path);
    if (more.empty())
      throw core::Error(core::ErrorKind::bad_input, fmt::format("{} holds no rule files (*.yaml)", path));
    std::ranges::move(more, std::back_inserter(sources));
  }
  return sources;
}

}  // namespace assay::cli
