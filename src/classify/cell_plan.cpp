#include "classify/cell_plan.h"

#include <algorithm>

#include "classify/detector.h"

namespace assay::classify {

size_t CellPlan::memory_bytes() const {
  return sizeof *this + outcomes_bytes + nodes_.size() * sizeof(Node) + leaves_.size() * sizeof(Leaf) +
         steps_.size() * sizeof(Step);
}

CellOutcome* CellPlan::run(const CompiledRules& rules, const char* cell) {
  CellOutcome* outcome = &outcomes_.front();
  for (Way way : roots_) {
    while ((way & leaf_bit) == 0)
      way = nodes_[static_cast<uint16_t>(way)][static_cast<uint8_t>(cell[way >> at_shift]) & 0x0F];
    const Leaf leaf = leaves_[way & ~leaf_bit];
    uint64_t done = 0;
    for (uint32_t i = 0; i < leaf.count; ++i) {
      const Step& step = steps_[leaf.begin + i];
      if ((done & step.same_pattern) != 0) continue;
      if (take(rules, step, cell, outcome)) done |= uint64_t{1} << i;
      if (outcome == nullptr) return nullptr;
    }
  }
  return outcome;
}

// Whether the match stands, so that shorter ones of its pattern are not tried; see TokenDetector::judge.
bool CellPlan::take(const CompiledRules& rules, const Step& step, const char* cell, CellOutcome*& outcome) {
  if (step.longer_end != 0 && passes(rules, step.pattern, {cell + step.begin, cell + step.longer_end})) return true;
  const std::string_view value(cell + step.begin, cell + step.end);
  Check check = Check::plausible;
  if (step.check != nullptr) {
    check = step.check(value);
    if (check == Check::invalid) return false;
  }
  if (step.allow_list != nullptr && step.allow_list->contains(value)) return false;
  if (!step.needs_proof || check == Check::valid)
    outcome = extend(*outcome, {step.begin, step.end, step.pattern, check});
  return true;
}

CellOutcome* CellPlan::extend(CellOutcome& outcome, const Candidate& candidate) {
  const uint64_t name = CellOutcome::name_of(candidate);
  for (const auto& [known, next] : outcome.next)
    if (known == name) return next;
  if (outcomes_.size() >= max_outcomes) return nullptr;
  CellOutcome& longer = outcomes_.emplace_back();
  longer.plan = this;
  longer.candidates = outcome.candidates;
  longer.candidates.push_back(candidate);
  outcome.next.emplace_back(name, &longer);
  return &longer;
}

}  // namespace assay::classify
