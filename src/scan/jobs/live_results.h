#pragma once

#include <mutex>

#include "scan/object_scanner.h"
#include "scan/scan.h"

namespace assay::scan {

/// Where results go that are shown as they come and kept nowhere: the one process of `assay scan`. Counts them into the
/// summary and the progress display. Thread-safe.
class LiveResults final : public ObjectSink {
 public:
  LiveResults(ScanSink& sink, Progress& progress) : sink_(sink), progress_(progress) {}

  void on_finding(const model::Finding& finding) override;
  void on_column(model::ColumnFinding&& column) override;
  void on_profile(model::TableProfile&& profile) override;
  void on_member(model::ObjectRecord&& record) override { keep(record); }
  void on_object(model::ObjectRecord&& record) override;
  void on_abandoned(const std::string&) override {}

  void on_found(uint64_t objects, uint64_t bytes);
  /// An object that was found and is not to be read: its record is its last word.
  void on_unread(model::ObjectRecord&& record);
  void on_walk_done() { progress_.walk_done = true; }

  ScanSummary summary() const;

 private:
  void keep(const model::ObjectRecord& record);

  ScanSink& sink_;
  Progress& progress_;
  mutable std::mutex mutex_;  // the sink and the summary
  ScanSummary summary_;
};

}  // namespace assay::scan
