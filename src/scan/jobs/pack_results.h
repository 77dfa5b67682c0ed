#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "scan/jobs/live_results.h"
#include "scan/jobs/packet.h"
#include "store/store.h"

namespace assay::scan {

/// Gathers what becomes of the objects of one pack, and lets the task wait for their last words. Thread-safe.
class PackResults final : public ObjectSink {
 public:
  /// Findings of one object that are kept; what is beyond is counted, and the object's verdict says so.
  static constexpr uint64_t most_findings_of_an_object = 10'000;

  explicit PackResults(LiveResults* live) : live_(live) {}

  /// To be called before an object is submitted: what the walk knew of it.
  void expect(const std::string& object, const ObjectItem& item);
  /// The object could not be opened.
  void on_unread(const std::string& object, const ObjectItem& item, model::Verdict verdict);
  void on_unchanged(const std::string& object, const ObjectItem& item);

  void on_finding(model::Finding&& finding) override;
  void on_column(model::ColumnFinding&& column) override;
  void on_member(model::ObjectRecord&& record) override;
  void on_object(model::ObjectRecord&& record) override;
  void on_abandoned(const std::string& object) override;

  /// Waits for the last word on everything expected, whatever it is.
  void settle();
  /// The same. Throws core::Error(transient) when objects were abandoned.
  void wait();
  /// All that was gathered; to be called after wait().
  store::TaskCompletion take();

 private:
  void count(const model::ObjectRecord& record, uint64_t bytes);

  LiveResults* const live_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t expected_ = 0;
  bool abandoned_ = false;
  std::map<std::string, ObjectItem, std::less<>> items_;        // by path: those without a last word
  std::map<std::string, uint64_t, std::less<>> kept_findings_;  // by path
  std::map<std::string, uint64_t, std::less<>> suppressed_;     // by path: of objects without a last word
  store::TaskCompletion completion_;
};

}  // namespace assay::scan
