#pragma once

#include <functional>
#include <stop_token>
#include <thread>

#include "coordinate/service.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/source_access.h"
#include "scan/scan.h"
#include "store/store.h"

/// What a scan that is shown as it comes and one that is kept have in common: the job that they are.
namespace assay::scan {

/// Throws core::Error for a path that does not exist, a bad glob or setting: before anything runs.
void check_places(const ScanOptions& options, const SourceAccess& access);

JobConfiguration configuration_of(const ScanOptions& options, int64_t datasource_id, std::string rule_set_hash);
ExaminerSettings settings_of(const ScanOptions& options);
/// The job, which begins with the walk of its only source.
store::NewMasterJob job_of(const JobConfiguration& configuration);
coordinate::EmbeddedOptions embedded_options();

/// Throws core::Error with the reason of a job that failed.
[[noreturn]] void throw_what_failed(store::Store& store, int64_t job_id);

/// Asks `stop` now and then, from a thread of its own; once it says true, token() is asked to stop.
class StopWatcher {
 public:
  /// `on_stop` is called when that happens, `now_and_then` between two questions; they must not throw.
  StopWatcher(const std::function<bool()>& stop, const std::function<void()>& on_stop,
              const std::function<void()>& now_and_then = nullptr);
  std::stop_token token() const { return stopping_.get_token(); }

 private:
  std::stop_source stopping_;
  std::jthread thread_;
};

}  // namespace assay::scan
