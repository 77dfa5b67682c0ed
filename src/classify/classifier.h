#pragma once

#include <memory>
#include <vector>

#include "classify/compiled_rules.h"
#include "classify/detector.h"

namespace assay::classify {

/// What is looked for and by which detectors. Immutable, shared by threads, each of which has a Scratch.
class Classifier {
 public:
  explicit Classifier(std::vector<model::Rule> rules);

  const CompiledRules& rules() const { return rules_; }
  const std::vector<std::unique_ptr<Detector>>& detectors() const { return detectors_; }

  /// Fills the scratch's caches by scanning every rule's examples, so that processes forked after it start warm.
  void warm_up(Scratch& scratch) const;

 private:
  CompiledRules rules_;
  std::vector<std::unique_ptr<Detector>> detectors_;
};

}  // namespace assay::classify
