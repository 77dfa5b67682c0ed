#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/jobs/job_configuration.h"
#include "store/store.h"

namespace assay::scan {

/// A scan template: which sources, which rules, which options (docs/templates.md).
struct ScanTemplate {
  std::string name;
  std::vector<std::string> sources;  ///< names of datasources
  std::string rule_set_hash;         ///< of the rules that were read when the template was added; "" none
  int32_t priority = 0;
  int32_t max_attempts = 5;  ///< of each task, before it is dead
  JobConfiguration options;  ///< sources left empty
};

/// Reads a template from YAML, and the rule files that it names relative to `directory`; the rules come back in
/// `rules`. Throws core::Error(bad_input) with file, line and reason; an unknown key is an error.
ScanTemplate template_from_yaml(std::string_view yaml, const std::string& file, const std::string& directory,
                                std::vector<classify::RuleSource>& rules);
std::string to_json(const ScanTemplate& scan_template);
ScanTemplate template_from_json(std::string_view json);

/// Groups the template's sources by node group and writes the master job and its children, each with one enumerate
/// task a source, in one transaction. Throws core::Error(bad_input) and writes nothing for an unknown or disabled
/// source, no sources, or no rules.
store::SubmittedJob compose_job(store::Store& store, const ScanTemplate& scan_template,
                                std::string_view idempotency_key, std::string_view requested_by);

}  // namespace assay::scan
