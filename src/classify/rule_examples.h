#pragma once

#include <string>
#include <vector>

#include "model/rule.h"

namespace assay::classify {

/// An example that was not found, or a counter-example that was.
struct ExampleFailure {
  std::string rule;
  std::string file;
  int line = 0;
  std::string problem;  ///< names the example, which is the rule author's text
};

struct ExampleReport {
  size_t rules = 0;
  size_t examples = 0;
  size_t counter_examples = 0;
  size_t without_examples = 0;  ///< of the rules, those in Presidio's YAML: they were compiled, and no more
  std::vector<ExampleFailure> failures;
  std::vector<ExampleFailure> warnings;  ///< what may go wrong with other texts
};

/// Runs every rule alone over its examples, each of which it must report at `min_confidence`, and over its
/// counter-examples, none of which it may report. A rule without examples is a failure, unless it was written for
/// Presidio, whose files have none. Of patterns that reach PCRE2's
/// match limit on texts that are tried besides, it warns.
ExampleReport run_rule_examples(const std::vector<model::Rule>& rules, double min_confidence = 0.5);

}  // namespace assay::classify
