#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/glob.h"
#include "model/finding.h"
#include "scan/object_names.h"

namespace assay::scan {

/// What suppressions may name, as the rules of a scan have it.
struct NamesOfRules {
  std::vector<std::string> entities{}, rules{};
};

/// What a user's suppression file says is not to be reported. YAML, docs/suppression.md:
///   suppressions:
///     - {path: 'tests/**', entity: CREDIT_CARD, reason: 'test cards', expires: 2027-01-01}
///     - {fingerprint: 0123..., reason: ...}
/// All keys of an entry must agree; `reason` is required; an expired entry does nothing.
class Suppressions {
 public:
  /// Entities and rules that are not `known` are mistakes. Throws core::Error(bad_input) as "file:line: reason".
  static Suppressions load(const std::string& path, const NamesOfRules& known, ObjectNames names = {});
  bool covers(const model::Finding& finding) const;

 private:
  struct Entry {
    std::string path, entity, rule, fingerprint;
    std::optional<core::Glob> glob;
  };
  bool covers_path(const core::Glob& glob, const std::string& object) const;

  ObjectNames names_;
  std::vector<Entry> entries_;
};

}  // namespace assay::scan
