#include "scan/jobs/live_results.h"

namespace assay::scan {

void LiveResults::on_finding(const model::Finding& finding) {
  const std::lock_guard lock(mutex_);
  if (finding.suppressed) {
    ++summary_.suppressed;
    return;
  }
  ++summary_.findings;
  progress_.findings.fetch_add(1, std::memory_order_relaxed);
  sink_.on_finding(finding);
}

void LiveResults::on_column(model::ColumnFinding&& column) {
  const std::lock_guard lock(mutex_);
  sink_.on_column(column);
}

void LiveResults::on_profile(model::TableProfile&& profile) {
  const std::lock_guard lock(mutex_);
  sink_.on_profile(profile);
}

void LiveResults::on_object(model::ObjectRecord&& record) {
  progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
  progress_.bytes_done.fetch_add(record.bytes, std::memory_order_relaxed);
  keep(record);
}

void LiveResults::on_found(uint64_t objects, uint64_t bytes) {
  progress_.objects_found.fetch_add(objects, std::memory_order_relaxed);
  progress_.bytes_found.fetch_add(bytes, std::memory_order_relaxed);
}

void LiveResults::on_unread(model::ObjectRecord&& record) {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
  keep(record);
}

void LiveResults::keep(const model::ObjectRecord& record) {
  const std::lock_guard lock(mutex_);
  ++summary_.verdicts[static_cast<size_t>(record.verdict.kind)];
  if (record.member.empty()) {
    ++summary_.objects;
    summary_.bytes += record.bytes;
  } else {
    ++summary_.members;
  }
  sink_.on_object(record);
}

ScanSummary LiveResults::summary() const {
  const std::lock_guard lock(mutex_);
  return summary_;
}

}  // namespace assay::scan
