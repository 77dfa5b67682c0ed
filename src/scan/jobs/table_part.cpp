#include "scan/jobs/table_part.h"

#include "core/codec.h"
#include "scan/jobs/split.h"

namespace assay::scan {
namespace {

// Documents in cells whose verdicts are kept.
constexpr size_t most_members = 10'000;
constexpr size_t most_content_bytes = max_sealed_bytes + (size_t{24} << 20);
constexpr uint64_t most_rows = uint64_t{1} << 48;

class Reader final : public FrameVisitor {
 public:
  explicit Reader(TablePartContent& content) : content_(content) {}
  void visit(model::Finding& finding) override { content_.findings.push_back(finding); }
  void visit(model::ObjectRecord&& record) override { content_.members.push_back(std::move(record)); }
  void visit(SealedPiece&& piece) override { content_.sealed += piece.bytes; }
  void visit(model::ColumnFinding&&) override { core::refuse_saved(); }
  void visit(TraceLine&&) override { core::refuse_saved(); }
  void visit(MemberBegin&&) override { core::refuse_saved(); }
  void visit(LineMet&&) override { core::refuse_saved(); }

 private:
  TablePartContent& content_;
};

}  // namespace

// An examiner that was taken over may say anything, as often as it likes.
void TablePartResults::violate() {
  const std::lock_guard lock(mutex_);
  is_violated_ = true;
}

template <typename Message>
void TablePartResults::keep(const Message& message) {
  std::string frame;
  encode(message, frame);
  if (part_.content.size() + frame.size() > most_content_bytes) {
    part_.fits = false;
    return;
  }
  core::WireWriter(part_.content).text(frame);
}

void TablePartResults::on_finding(const model::Finding& finding) {
  const std::lock_guard lock(mutex_);
  if (finding.suppressed) return;
  ++part_.findings;
  if (++kept_findings_ <= most_findings_of_an_object) keep(finding);
}

void TablePartResults::on_member(model::ObjectRecord&& record) {
  const std::lock_guard lock(mutex_);
  if (++members_ <= most_members) keep(record);
  else part_.fits = false;  // each has its line in the ledger when the table is read whole
}

void TablePartResults::on_sealed(SealedPiece&& piece) {
  const std::lock_guard lock(mutex_);
  sealed_bytes_ += piece.bytes.size();
  if (sealed_bytes_ > max_sealed_bytes) is_violated_ = true;
  else keep(piece);
}

void TablePartResults::on_range_end(RangeEnd&& end) {
  const std::lock_guard lock(mutex_);
  is_violated_ |= end.newlines > most_rows || end.met > most_rows;
  part_.is_measured = true;
  part_.newlines = end.newlines;
  part_.met = end.met;
  part_.fits &= end.is_exact;
}

void TablePartResults::take(model::ObjectRecord&& record) {
  part_.verdict = std::move(record.verdict);
  if (part_.verdict.kind == model::VerdictKind::ok && !part_.is_measured) is_violated_ = true;
  if (!is_violated_) return;
  part_.verdict = {model::VerdictKind::violation, "the examiner sent a malformed message"};
  part_.content.clear();
  part_.newlines = part_.met = 0;
}

TablePartContent read_table_part(std::string_view content) {
  TablePartContent read;
  Reader reader(read);
  for (core::WireReader in(content); !in.at_end();) decode_frame(in.text(), reader);
  return read;
}

}  // namespace assay::scan
