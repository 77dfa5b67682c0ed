#pragma once

#include <array>
#include <string>

#include "classify/candidate.h"
#include "classify/compiled_rules.h"

namespace assay::scan {

/// What findings have in common that one rule found for the same reasons, as it travels (scan/wire/protocol.h). Keeps
/// some of it: most findings are of a kind that was just met, and reasons are costly to write.
class FindingKinds {
 public:
  explicit FindingKinds(const classify::CompiledRules& rules) : rules_(rules) {}

  /// Valid until the next call.
  const std::string& of(const classify::Match& match);

 private:
  struct Known {
    classify::Match match;
    std::string wire;  // empty: there is none
  };
  static constexpr size_t most_known = 64;

  const classify::CompiledRules& rules_;
  std::array<Known, most_known> known_;
};

}  // namespace assay::scan
