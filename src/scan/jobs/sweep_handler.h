#pragma once

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/source_access.h"

namespace assay::scan {

/// The last task of a source that was enumerated in full: marks as deleted what the job did not see there any more,
/// tells the catalog which tables vanished, and closes the run.
class SweepHandler final : public coordinate::TaskHandler {
 public:
  SweepHandler(store::Store& store, const SourceAccess& access) : store_(store), access_(access) {}
  std::string_view kind() const override { return sweep_kind; }
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  void end_discovery(const coordinate::TaskContext& context);

  store::Store& store_;
  const SourceAccess& access_;
};

}  // namespace assay::scan
