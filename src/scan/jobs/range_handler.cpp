#include "scan/jobs/range_handler.h"

#include <mutex>
#include <utility>

#include "core/error.h"
#include "core/fault_point.h"
#include "scan/jobs/last_word.h"
#include "scan/jobs/open_object.h"
#include "scan/jobs/split.h"
#include "scan/jobs/table_part.h"

namespace assay::scan {
namespace {

// A character of one byte may become three, in UTF-8.
constexpr uint64_t most_bytes_a_byte = 3;

/// Gathers what becomes of one range of a text.
class RangeResults final : public LastWordSink {
 public:
  explicit RangeResults(store::ObjectPart& part) : part_(part), most_offset_((part.bytes + 1) * most_bytes_a_byte) {}

  void on_finding(const model::Finding& finding) override {
    const std::lock_guard lock(mutex_);
    if (finding.suppressed || is_misplaced(finding)) return;
    if (++part_.findings <= most_findings_of_an_object) part_.kept.push_back(finding);
  }
  void on_column(model::ColumnFinding&&) override {}
  void on_member(model::ObjectRecord&&) override {}
  void on_range_end(RangeEnd&& end) override {
    const std::lock_guard lock(mutex_);
    if (exceeds(end.text_bytes) || exceeds(end.code_points) || exceeds(end.newlines) || exceeds(end.tail_code_points) ||
        end.met > INT64_MAX)
      return;
    part_.is_measured = true;
    part_.text_bytes = end.text_bytes;
    part_.code_points = end.code_points;
    part_.newlines = end.newlines;
    part_.tail_code_points = end.tail_code_points;
    part_.encoding = std::move(end.charset);
    part_.fits = end.is_exact;
    part_.met = end.met;
  }

 private:
  void take(model::ObjectRecord&& record) override {
    part_.verdict = std::move(record.verdict);
    if (is_violated_ || (part_.verdict.kind == model::VerdictKind::ok && !part_.is_measured))
      part_.verdict = {model::VerdictKind::violation, "the examiner sent a malformed message"};
  }
  // An examiner that was taken over may say anything; sums of places must stay numbers.
  bool exceeds(uint64_t offset) { return is_violated_ = is_violated_ || offset > most_offset_; }
  bool is_misplaced(const model::Finding& f) {
    return exceeds(f.start) || exceeds(f.end) || exceeds(f.start_code_point) || exceeds(f.end_code_point) ||
           exceeds(f.locator.line) || exceeds(f.locator.line_column);
  }

  store::ObjectPart& part_;
  const uint64_t most_offset_;
  bool is_violated_ = false;
};

void examine_rows(ObjectScanner& scanner, connect::Connector& source, const RangeItem& item, store::ObjectPart& part) {
  auto opened = source.open_range(item.object.root, item.object.relative, item.rows, item.snapshot);
  if (!opened) {
    part.verdict = std::move(opened.error());
    return;
  }
  OpenObject object = open_object(part.object, *opened);
  object.size = part.bytes;
  object.rows_part = RowsPart{.number = item.number, .parts = item.parts};
  TablePartResults results(part);
  scan::examine(scanner, std::move(opened->reader), std::move(object), results);
}

void examine_text(ObjectScanner& scanner, connect::Connector& source, const RangeItem& item, store::ObjectPart& part) {
  auto opened = source.open(item.object.root, item.object.relative);
  if (!opened) {
    part.verdict = std::move(opened.error());
    return;
  }
  if (!is_as_found(opened->entry, item.object)) {
    part.verdict = {model::VerdictKind::changed, "it changed before all of it was read"};
    return;
  }
  OpenObject object = open_object(part.object, *opened);
  object.range = RangeRequest{.begin = item.begin,
                              .end = item.end,
                              .charset = item.charset,
                              .declared = item.declared,
                              .escapes = item.escapes};
  RangeResults results(part);
  scan::examine(scanner, std::move(object), results);
}

}  // namespace

store::TaskCompletion RangeHandler::run(const coordinate::TaskContext& context) {
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  const int64_t datasource_id = context.task.datasource_id;
  const RangeItem item = range_item_from_json(context.task.work_packet);
  const auto source = access_.open(configuration, datasource_id, context.stop);
  core::fault_point("examine_range", std::to_string(item.number));
  store::ObjectPart part{.object = source->path_of(item.object.root, item.object.relative),
                         .change_id = item.cut.empty() ? item.object.change_id : item.cut,
                         .number = item.number,
                         .begin = item.begin,
                         .bytes = item.end - item.begin};
  store::TaskCompletion completion = coordinate::completion_of(context.task);
  if (!store_.awaits_parts(context.task.job_id, datasource_id, part.object)) return completion;
  const auto examine = item.rows.empty() ? examine_text : examine_rows;
  examine(*scanners_.get(configuration), *source, item, part);
  if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the examination was told to end");
  (is_complete(part.verdict.kind) ? completion.progress.bytes_done : completion.progress.bytes_failed) = part.bytes;
  completion.progress.findings = part.findings;
  completion.parts.push_back(std::move(part));
  return completion;
}

}  // namespace assay::scan
