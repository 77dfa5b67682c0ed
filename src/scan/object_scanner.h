#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/connector.h"
#include "connect/delivery.h"
#include "core/error.h"
#include "extract/sandbox/pool.h"
#include "model/finding.h"
#include "model/limits.h"
#include "model/table_profile.h"
#include "scan/wire/protocol.h"

namespace assay::scan {

/// Takes what becomes of objects, from several threads; calls for one object come one after another.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  virtual void on_finding(const model::Finding& finding) = 0;  ///< suppressed ones too, marked so
  virtual void on_column(model::ColumnFinding&& column) = 0;
  virtual void on_profile(model::TableProfile&&) {}  ///< only when profiles were asked for
  virtual void on_member(model::ObjectRecord&& record) = 0;
  /// The last word on an object: nothing comes after it.
  virtual void on_object(model::ObjectRecord&& record) = 0;
  /// Instead of the last word: the scanner failed or was stopped before the end.
  virtual void on_abandoned(const std::string& object) = 0;
  /// The last word on an object that may be split and can be: nothing of it was examined.
  virtual void on_plan(const std::string& object, RangePlan&& plan);
  /// Before the last word on a range, or a part of a table, that was read to its end.
  virtual void on_range_end(RangeEnd&& end);
  /// Of a part of a table.
  virtual void on_sealed(SealedPiece&& piece);
};

/// An object to be examined.
struct OpenObject {
  std::string path;   ///< in reports
  std::string name;   ///< last part of its name: a hint to what it is
  uint64_t size = 0;  ///< bytes; 0 when nobody knows
  core::Fd fd;
  bool is_stream = false;                                       ///< it cannot be read twice
  bool is_rows = false;                                         ///< a table (model/row_stream.h)
  std::string part = {};                                        ///< of it that was asked for, in words; "" all
  std::shared_ptr<const connect::ChangeCheck> check = nullptr;  ///< of a descriptor of the source itself
  std::shared_ptr<const connect::Delivery> delivery = nullptr;  ///< of what is fetched
  std::string owner = {};                                       ///< as ObjectRecord::owner
  bool may_split = false;  ///< ask whether it can be examined range by range, and examine it if not
  std::optional<RangeRequest> range = std::nullopt;  ///< examine only this
  std::optional<RowsPart> rows_part = std::nullopt;  ///< as ExaminerRequest, as what follows
  bool is_join = false;
};

/// Gives open objects to sandboxed examiners and puts together what they say: open, examine, judge, hand on.
/// Thread-safe.
class ObjectScanner {
 public:
  /// Starts the examiners. Throws core::Error as sandbox::Pool does.
  ObjectScanner(sandbox::PoolOptions options, uint64_t max_object_bytes);
  ~ObjectScanner();  ///< stop()

  /// Queues objects, at most max_submissions. Blocks while the queue is full. The sink must live until its last word on
  /// them; objects that cannot be queued, since the scanner failed or was stopped, are abandoned.
  void submit(std::vector<OpenObject> objects, ObjectSink& sink);
  static constexpr size_t max_submissions = sandbox::Pool::max_submissions;
  /// Waits for the last word on everything. Throws core::Error when the scanner failed or was stopped.
  void drain();
  /// Ends everything at once: what has no last word is abandoned.
  void stop();
  /// False once it failed or was stopped: it takes nothing more.
  bool is_usable() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::scan
