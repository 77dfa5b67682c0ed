#include "scan/jobs/pack_results.h"

#include "core/error.h"
#include "scan/jobs/split.h"

namespace assay::scan {

void PackResults::expect(const std::string& object, const ObjectItem& item) {
  const std::lock_guard lock(mutex_);
  ++expected_;
  if (live_ == nullptr) items_.emplace(object, item);
}

void PackResults::on_unread(const std::string& object, const ObjectItem& item, model::Verdict verdict) {
  expect(object, item);
  on_object(
      {.object = object, .member = {}, .format = {}, .bytes = item.size, .findings = 0, .verdict = std::move(verdict)});
}

void PackResults::on_unchanged(const std::string& object, const ObjectItem& item) {
  const std::lock_guard lock(mutex_);
  completion_.seen_objects.push_back(object);
  ++completion_.progress.objects_skipped;
  completion_.progress.bytes_skipped += item.size;
}

void PackResults::on_split(const std::function<void(store::TaskCompletion&)>& record) {
  const std::lock_guard lock(mutex_);
  record(completion_);
}

void PackResults::on_table(const std::string& object, model::TableDescription&& description) {
  const std::lock_guard lock(mutex_);
  completion_.tables.push_back({.object = object, .description = std::move(description)});
}

void PackResults::on_finding(const model::Finding& finding) {
  if (live_ != nullptr) return live_->on_finding(finding);
  const std::lock_guard lock(mutex_);
  if (finding.suppressed) {
    ++suppressed_[finding.object];
    return;
  }
  ++completion_.progress.findings;
  if (++kept_findings_[finding.object] <= most_findings_of_an_object) completion_.findings.push_back(finding);
}

void PackResults::on_column(model::ColumnFinding&& column) {
  if (live_ != nullptr) return live_->on_column(std::move(column));
  const std::lock_guard lock(mutex_);
  completion_.columns.push_back(std::move(column));
}

void PackResults::on_profile(model::TableProfile&& profile) {
  if (live_ != nullptr) return live_->on_profile(std::move(profile));
  const std::lock_guard lock(mutex_);
  completion_.profiles.push_back(std::move(profile));
}

void PackResults::on_member(model::ObjectRecord&& record) {
  if (live_ != nullptr) return live_->on_member(std::move(record));
  const std::lock_guard lock(mutex_);
  completion_.objects.push_back({.record = std::move(record), .mtime_ns = 0, .change_id = {}, .content_hash = {}});
}

void PackResults::on_object(model::ObjectRecord&& record) {
  const uint64_t bytes = record.bytes;
  if (live_ != nullptr) {
    {
      const std::lock_guard lock(mutex_);
      count(record, bytes);
    }
    live_->on_object(std::move(record));
    const std::lock_guard lock(mutex_);
    if (--expected_ == 0) changed_.notify_all();
    return;
  }
  const std::lock_guard lock(mutex_);
  const auto found = kept_findings_.find(record.object);
  if (found != kept_findings_.end() && found->second > most_findings_of_an_object &&
      model::is_complete(record.verdict.kind))
    record.verdict = {model::VerdictKind::limit, too_many_findings()};
  count(record, bytes);
  if (!suppressed_.empty()) {
    if (const auto node = suppressed_.extract(record.object); !node.empty()) record.suppressed = node.mapped();
  }
  store::ObjectResult result;
  if (auto node = items_.extract(record.object); !node.empty()) {
    result.mtime_ns = node.mapped().mtime_ns;
    result.change_id = std::move(node.mapped().change_id);
  }
  result.record = std::move(record);
  completion_.objects.push_back(std::move(result));
  if (--expected_ == 0) changed_.notify_all();
}

void PackResults::on_abandoned(const std::string&) {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  if (--expected_ == 0) changed_.notify_all();
}

void PackResults::on_plan(const std::string& object, RangePlan&& plan) {
  const std::lock_guard lock(mutex_);
  if (auto node = items_.extract(object); !node.empty()) split_(object, node.mapped(), plan, completion_);
  if (--expected_ == 0) changed_.notify_all();
}

void PackResults::count(const model::ObjectRecord& record, uint64_t bytes) {
  model::ProgressDelta& progress = completion_.progress;
  if (model::is_complete(record.verdict.kind)) {
    ++progress.objects_done;
    progress.bytes_done += bytes;
  } else {
    ++progress.objects_failed;
    progress.bytes_failed += bytes;
  }
}

void PackResults::settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return expected_ == 0; });
}

void PackResults::wait() {
  settle();
  const std::lock_guard lock(mutex_);
  if (abandoned_) throw core::Error(core::ErrorKind::transient, "the examiners ended before the objects were read");
}

store::TaskCompletion PackResults::take() {
  const std::lock_guard lock(mutex_);
  return std::move(completion_);
}

}  // namespace assay::scan
