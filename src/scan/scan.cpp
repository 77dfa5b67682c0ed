#include "scan/scan.h"

namespace assay::scan {

bool ScanSummary::complete() const {
  for (size_t i = 0; i < verdicts.size(); ++i)
    if (verdicts[i] != 0 && !model::is_complete(static_cast<model::VerdictKind>(i))) return false;
  return !interrupted;
}

}  // namespace assay::scan
