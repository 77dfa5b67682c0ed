// What is known of parts of a table, as an examiner that joins them reads it once it is unsealed: refused, or made
// verdicts and a profile that the scan can read.
#include <sys/mman.h>

#include <cmath>
#include <optional>
#include <string>

#include "core/codec.h"
#include "core/fd.h"
#include "fuzz/harness.h"
#include "scan/examine/examination.h"
#include "scan/wire/profile_assembly.h"

namespace {

using namespace assay;

constexpr const char* name = "t";

class CheckingReporter final : public scan::Reporter, private scan::FrameVisitor {
 public:
  void send(std::string_view frame) override { scan::decode_frame(frame, *this); }
  void begin_member(uint64_t) override { fuzz::require(false, "nothing is inside"); }
  void tick() override {}
  bool has_ended = false;

 private:
  void visit(model::Finding&) override { fuzz::require(false, "no finding comes of counts"); }
  void visit(model::ColumnFinding&& column) override {
    fuzz::require(!has_ended, "the record is the last frame");
    fuzz::require(column.confidence >= 0 && column.confidence <= 1, "a confidence is between 0 and 1");
  }
  void visit(model::ObjectRecord&& record) override {
    fuzz::require(record.verdict.kind == model::VerdictKind::ok || record.verdict.kind == model::VerdictKind::partial,
                  "parts fit together or do not");
    has_ended = true;
  }
  void visit(scan::TraceLine&&) override { fuzz::require(false, "no line is to be explained"); }
  void visit(scan::MemberBegin&&) override { fuzz::require(false, "nothing is inside"); }
  void visit(scan::LineMet&&) override { fuzz::require(false, "no line is to be explained"); }
  void visit(scan::ProfilePiece&& piece) override { assembly_.add(std::move(piece)); }
  scan::ProfileAssembly assembly_;
};

std::optional<scan::ExaminerState> state;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  scan::ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, 'k');
  setup.profile = model::ProfileScope::databases;
  state.emplace(setup);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string parts;
  core::WireWriter writer(parts);
  const std::string sealed = state->part_seal.seal(name, fuzz::as_text(data, size));
  writer.text(sealed);
  writer.text(sealed);  // as if another part were its like
  writer.u32(0);
  scan::ExaminerRequest request{.name = name, .lethal_members = {}};
  request.is_stream = request.is_rows = request.is_join = true;
  extract::MemoryInput input(parts);
  const core::Fd file(::memfd_create("scratch", MFD_CLOEXEC));
  extract::Scratch spool(file.get(), uint64_t{1} << 20);
  CheckingReporter reporter;
  scan::Examination(*state, request, spool, reporter).run(input);
  fuzz::require(reporter.has_ended, "a table has a record");
  return 0;
}
