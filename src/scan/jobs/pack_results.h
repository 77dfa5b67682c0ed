#pragma once

#include <condition_variable>
#include <functional>
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
  /// Adds to the completion what becomes of an object that is split.
  using Split = std::function<void(const std::string& object, const ObjectItem&, const RangePlan&,
                                   store::TaskCompletion& completion)>;
  PackResults(LiveResults* live, Split split) : live_(live), split_(std::move(split)) {}

  /// To be called before an object is submitted: what the walk knew of it.
  void expect(const std::string& object, const ObjectItem& item);
  /// The object could not be opened.
  void on_unread(const std::string& object, const ObjectItem& item, model::Verdict verdict);
  /// What its source says of an object that is a table, whether it is read now or is unchanged.
  void on_table(const std::string& object, model::TableDescription&& description);
  void on_unchanged(const std::string& object, const ObjectItem& item);
  /// Other tasks will read the object; `record` says so in the completion.
  void on_split(const std::function<void(store::TaskCompletion&)>& record);

  void on_finding(const model::Finding& finding) override;
  void on_column(model::ColumnFinding&& column) override;
  void on_profile(model::TableProfile&& profile) override;
  void on_member(model::ObjectRecord&& record) override;
  void on_object(model::ObjectRecord&& record) override;
  void on_abandoned(const std::string& object) override;
  void on_plan(const std::string& object, RangePlan&& plan) override;

  /// Waits for the last word on everything expected, whatever it is.
  void settle();
  /// The same. Throws core::Error(transient) when objects were abandoned.
  void wait();
  /// All that was gathered; to be called after wait().
  store::TaskCompletion take();

 private:
  void count(const model::ObjectRecord& record, uint64_t bytes);

  LiveResults* const live_;
  const Split split_;
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
