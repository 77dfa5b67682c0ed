#pragma once

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/source_access.h"

namespace assay::scan {

/// Makes one of what the ranges of a table left: findings and documents as they are, verdicts of columns and the
/// profile by an examiner, who alone can read what is known of them.
class JoinHandler final : public coordinate::TaskHandler {
 public:
  JoinHandler(store::Store& store, const SourceAccess& access, ObjectScanners& scanners)
      : store_(store), access_(access), scanners_(scanners) {}

  std::string_view kind() const override { return join_kind; }
  /// Ranges that do not fit together are forgotten, and the table is read whole. Throws core::Error: transient when
  /// the examiners were stopped.
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  store::Store& store_;
  const SourceAccess& access_;
  ObjectScanners& scanners_;
};

}  // namespace assay::scan
