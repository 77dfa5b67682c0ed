// What a worker that was taken over might send to the scan: refused, or taken and the same when sent again.
#include <string>

#include "core/error.h"
#include "fuzz/harness.h"
#include "scan/wire/protocol.h"

namespace {

using namespace assay;

class Recoder final : public scan::FrameVisitor {
 public:
  void visit(model::Finding& finding) override { scan::encode(finding, frame); }
  void visit(model::ColumnFinding&& column) override { scan::encode(column, frame); }
  void visit(model::ObjectRecord&& record) override { scan::encode(record, frame); }
  void visit(scan::TraceLine&& trace) override { encode(trace, frame); }
  void visit(scan::MemberBegin&& begin) override { encode(begin, frame); }
  void visit(scan::LineMet&& met) override { encode(met, frame); }
  void visit(scan::ProfilePiece&& piece) override { encode(piece, frame); }
  void visit(scan::SealedPiece&& piece) override { encode(piece, frame); }
  void visit(scan::RangePlan&& plan) override { encode(plan, frame); }
  void visit(scan::RangeEnd&& end) override { encode(end, frame); }
  void visit(scan::MayLackLog&& may) override { encode(may, frame); }
  std::string frame;
};

void decode_again(std::string_view bytes) {
  Recoder first, second;
  scan::decode_frame(bytes, first);
  fuzz::require(!first.frame.empty(), "one handler is called");
  scan::decode_frame(first.frame, second);
  fuzz::require(first.frame == second.frame, "a frame that was taken is the same when sent again");
}

template <typename Decode>
void decode_setup_or_request(Decode decode, std::string_view bytes) {
  const std::string once = encode(decode(bytes));
  fuzz::require(encode(decode(once)) == once, "what was taken is the same when sent again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Choices choices(fuzz::as_text(data, size));
  const uint32_t kind = choices.below(3);
  try {
    if (kind == 0) decode_again(choices.rest());
    if (kind == 1) decode_setup_or_request(scan::decode_setup, choices.rest());
    if (kind == 2) decode_setup_or_request(scan::decode_request, choices.rest());
  } catch (const core::Error&) {  // refused
  }
  return 0;
}
