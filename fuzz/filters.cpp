// Files that decide what is left out of a report: suppressions in YAML, baselines in JSON. They are read or
// refused as the user's error, and a baseline has what was added to it.
#include "core/error.h"
#include "fuzz/harness.h"
#include "scan/baseline.h"
#include "scan/suppressions.h"

namespace {

using namespace assay;

const std::string key_id = "00000000";

model::Finding finding() {
  model::Finding finding;
  finding.object = "tests/a.txt";
  finding.entity = "US_SSN";
  finding.rule = "us-ssn";
  finding.fingerprint = std::string(32, '0');
  return finding;
}

scan::NamesOfRules names_of_rules() { return {{finding().entity}, {finding().rule}}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = fuzz::as_text(data, size);
  const fuzz::MemoryFile file(bytes);
  try {
    if (bytes.starts_with('{')) {
      scan::Baseline baseline = scan::Baseline::load(file.path(), key_id);
      const size_t known = baseline.size();
      const bool had = baseline.has(finding());
      baseline.add(finding());
      fuzz::require(baseline.has(finding()), "a baseline has what was added");
      fuzz::require(baseline.size() == known + (had ? 0 : 1), "a baseline counts what it has");
    } else {
      scan::Suppressions::load(file.path(), names_of_rules()).covers(finding());
    }
  } catch (const core::Error& error) {
    fuzz::require(error.kind() == core::ErrorKind::bad_input, "a bad file is the user's error");
  }
  return 0;
}
