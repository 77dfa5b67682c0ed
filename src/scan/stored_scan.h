#pragma once

#include <functional>
#include <memory>
#include <string>

#include "scan/data_directory.h"
#include "scan/jobs/object_scanners.h"
#include "scan/jobs/source_access.h"
#include "scan/scan.h"
#include "store/store.h"

namespace assay::scan {

/// A scan whose job is kept in a directory. Killed at any point, it can be taken up: what is recorded is not read
/// again, and what the report says is read from the store when all is done.
class StoredScan {
 public:
  struct Options {
    std::string directory;
    std::string key_id;   ///< tells fingerprint keys apart without giving them away
    bool resume = false;  ///< take up the scan in the directory; else begin one there
  };
  /// Throws core::Error(bad_input) in one sentence: as DataDirectory; a scan in it that has not ended, or, with
  /// `resume`, none, one that has, or one that was begun with other options; values revealed or standard input, neither
  /// of which can be kept. Throws as run_scan() when the scan cannot start.
  StoredScan(const ScanOptions& options, const SourceAccess& access, const Options& how);

  /// What was done before it was taken up; zeros of a new one.
  const model::ProgressDelta& done_before() const { return done_before_; }
  /// Runs until all is read or `stop` says so, then gives everything that is recorded to `sink`. To be called once.
  ScanSummary run(ScanSink& sink, Progress& progress, const std::function<bool()>& stop);
  /// The report is out: there is nothing to take up any more. Not for a run that was interrupted.
  void finish();

 private:
  void begin(const ScanOptions& options);
  void take_up(const ScanOptions& options);
  void end_the_dead();
  model::JobStatus run_job(Progress& progress, const std::function<bool()>& stop);
  void show(Progress& progress) const;
  ScanSummary read_back(ScanSink& sink) const;

  const SourceAccess& access_;
  const DataDirectory directory_;
  const std::string key_id_, definition_;
  ObjectScanners scanners_;
  std::unique_ptr<store::Store> store_;
  int64_t job_id_ = 0;
  model::ProgressDelta done_before_;
};

}  // namespace assay::scan
