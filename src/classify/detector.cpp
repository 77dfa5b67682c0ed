#include "classify/detector.h"

namespace assay::classify {

bool passes(const CompiledRules& rules, uint32_t pattern_id, std::string_view value) {
  const CompiledPattern& pattern = rules.patterns[pattern_id];
  return (pattern.check == nullptr || pattern.check(value) != Check::invalid) &&
         !rules.rules[pattern.rule].allow_list.contains(value);
}

bool consider(const CompiledRules& rules, uint32_t pattern_id, const Window& window, size_t begin, size_t end,
              Scratch& scratch, CandidateSink& sink) {
  const CompiledPattern& pattern = rules.patterns[pattern_id];
  const CompiledRule& rule = rules.rules[pattern.rule];
  const std::string_view value = window.text.substr(begin, end - begin);
  Candidate candidate{window.base + begin, window.base + end, pattern_id, Check::plausible};
  Drop drop = Drop::reported;
  if (pattern.check != nullptr) {
    candidate.check = pattern.check(value);
    if (candidate.check == Check::invalid) drop = Drop::validator;
  }
  if (drop == Drop::reported && rule.allow_list.contains(value)) drop = Drop::allow_list;
  if (drop == Drop::reported) {
    sink.take(window, candidate);
    return true;
  }
  if (scratch.trace != nullptr) {
    Match match{.begin = candidate.begin,
                .end = candidate.end,
                .rule = pattern.rule,
                .pattern = pattern_id,
                .confidence = 0,
                .evidence = {}};
    match.evidence.base = pattern.base;
    match.evidence.check = candidate.check;
    scratch.trace->push_back({match, drop, 0});
  }
  return false;
}

}  // namespace assay::classify
