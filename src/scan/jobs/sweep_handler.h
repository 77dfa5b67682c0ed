#pragma once

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"

namespace assay::scan {

/// The last task of a source: marks as deleted what the job did not see there any more.
class SweepHandler final : public coordinate::TaskHandler {
 public:
  explicit SweepHandler(store::Store& store) : store_(store) {}
  std::string_view kind() const override { return sweep_kind; }
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  store::Store& store_;
};

}  // namespace assay::scan
