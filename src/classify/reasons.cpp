#include "classify/reasons.h"

#include <fmt/format.h>

namespace assay::classify {

std::vector<std::string> reasons(const CompiledRules& rules, const Match& match) {
  const CompiledPattern& pattern = rules.patterns[match.pattern];
  const model::Rule& rule = *rules.rules[match.rule].source;
  const Evidence& evidence = match.evidence;
  std::vector<std::string> out;
  out.push_back(fmt::format("pattern {}/{}: {:.2f}", rule.name, pattern.source->name, pattern.base));
  if (pattern.check != nullptr) {
    const std::string& validator = pattern.source->validator.empty() ? rule.validator : pattern.source->validator;
    switch (evidence.check) {
      case Check::valid: out.push_back(fmt::format("validator {} agrees: {:.2f}", validator, evidence.base)); break;
      case Check::plausible: out.push_back(fmt::format("validator {} has no objection", validator)); break;
      case Check::invalid: out.push_back(fmt::format("validator {} refuses", validator)); break;
    }
  }
  if (evidence.phrase != Evidence::none)
    out.push_back(fmt::format("{} '{}': +{:.2f}", evidence.phrase_is_name ? "key or column name" : "context word",
                              rules.words.text(static_cast<uint32_t>(evidence.phrase)), evidence.boost));
  if (evidence.negative_phrase != Evidence::none)
    out.push_back(fmt::format("opposing word '{}': -{:.2f}",
                              rules.words.text(static_cast<uint32_t>(evidence.negative_phrase)), evidence.penalty));
  if (evidence.column_share > 0)
    out.push_back(
        fmt::format("{:.0f} % of the column's values agree: {:.2f}", evidence.column_share * 100, match.confidence));
  return out;
}

std::string_view to_string(Drop drop) noexcept {
  switch (drop) {
    case Drop::reported: return "reported";
    case Drop::boundary: return "piece of something longer";
    case Drop::validator: return "refused by its validator";
    case Drop::allow_list: return "on the rule's allow list";
    case Drop::context_required: return "needs a context word nearby";
    case Drop::below_threshold: return "below the minimum confidence";
    case Drop::overlapped: return "overlapped by a better match";
    case Drop::crosses_cells: return "crosses cells";
  }
  return "";
}

}  // namespace assay::classify
