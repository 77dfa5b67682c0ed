#pragma once

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/source_access.h"

namespace assay::scan {

/// Reads one range of a large object, or of a table. What it found waits in the store for the other ranges.
class RangeHandler final : public coordinate::TaskHandler {
 public:
  RangeHandler(store::Store& store, const SourceAccess& access, ObjectScanners& scanners)
      : store_(store), access_(access), scanners_(scanners) {}

  std::string_view kind() const override { return range_kind; }
  /// An object that is not as it was when it was split is CHANGED and not read; one that is to be read whole by now is
  /// not read here. Throws core::Error: transient when the examiners were stopped.
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  store::Store& store_;
  const SourceAccess& access_;
  ObjectScanners& scanners_;
};

}  // namespace assay::scan
