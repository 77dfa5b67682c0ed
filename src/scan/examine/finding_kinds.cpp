#include "scan/examine/finding_kinds.h"

#include "classify/reasons.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

bool are_of_one_kind(const classify::Match& one, const classify::Match& other) {
  return one.pattern == other.pattern && one.confidence == other.confidence && one.evidence == other.evidence;
}

size_t hash_of(const classify::Match& match) {
  const classify::Evidence& evidence = match.evidence;
  return match.pattern * size_t{3} + static_cast<size_t>(evidence.check) + static_cast<size_t>(evidence.phrase) * 7 +
         static_cast<size_t>(evidence.negative_phrase) * 11;
}

}  // namespace

const std::string& FindingKinds::of(const classify::Match& match) {
  Known& known = known_[hash_of(match) % most_known];
  if (!known.wire.empty() && are_of_one_kind(known.match, match)) return known.wire;
  const model::Rule& rule = *rules_.rules[match.rule].source;
  model::Finding finding;
  finding.entity = rule.entity;
  finding.rule = rule.name;
  finding.pattern = rules_.patterns[match.pattern].source->name;
  finding.category = rule.category;
  finding.sensitivity = rule.sensitivity;
  finding.confidence = match.confidence;
  finding.reasons = classify::reasons(rules_, match);
  known.match = match;
  known.wire = encode_kind(finding);
  return known.wire;
}

}  // namespace assay::scan
