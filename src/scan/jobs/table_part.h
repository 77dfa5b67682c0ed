#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/jobs/last_word.h"
#include "store/store.h"

/// What a range of a table leaves for the task that joins them (store::ObjectPart::content): messages of its examiner,
/// each behind its length.
namespace assay::scan {

/// Gathers what becomes of one range of a table.
class TablePartResults final : public LastWordSink {
 public:
  explicit TablePartResults(store::ObjectPart& part) : part_(part) {}

  void on_finding(const model::Finding& finding) override;
  void on_column(model::ColumnFinding&&) override { violate(); }
  void on_member(model::ObjectRecord&& record) override;
  void on_range_end(RangeEnd&& end) override;
  void on_sealed(SealedPiece&& piece) override;

 private:
  void take(model::ObjectRecord&& record) override;
  void violate();
  template <typename Message>
  void keep(const Message& message);

  store::ObjectPart& part_;
  size_t members_ = 0, kept_findings_ = 0, sealed_bytes_ = 0;
  bool is_violated_ = false;
};

/// The same, read again.
struct TablePartContent {
  std::vector<model::Finding> findings;
  std::vector<model::ObjectRecord> members;
  std::string sealed;
};
/// Throws core::Error(permanent) for what nobody left.
TablePartContent read_table_part(std::string_view content);

}  // namespace assay::scan
