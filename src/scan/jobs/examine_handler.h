#pragma once

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/live_results.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/snapshot_keeper.h"
#include "scan/jobs/source_access.h"

namespace assay::scan {

/// Reads a pack of objects: opens each beneath its root, gives it to the examiners, gathers what they find. Large ones
/// that can be read from their middle, and tables that can be read range by range, are not read but become ranges
/// (RangeHandler).
class ExamineHandler final : public coordinate::TaskHandler {
 public:
  /// With `live`, results go there as they come; else they are the task's completion, to be recorded with it. `splits`
  /// holds for jobs that say nothing of it.
  ExamineHandler(store::Store& store, const SourceAccess& access, ObjectScanners& scanners, LiveResults* live = nullptr,
                 SplitBounds splits = {})
      : store_(store), access_(access), scanners_(scanners), live_(live), splits_(splits), snapshots_(store) {}

  std::string_view kind() const override { return examine_kind; }
  /// Every object ends with a verdict. Throws core::Error: transient when the examiners were stopped.
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  store::Store& store_;
  const SourceAccess& access_;
  ObjectScanners& scanners_;
  LiveResults* const live_;
  const SplitBounds splits_;
  SnapshotKeeper snapshots_;
};

}  // namespace assay::scan
