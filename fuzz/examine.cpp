// A whole examination with all built-in rules, members inside members too: every frame can be read by the scan, every
// member ends with one record and so does the object, last.
#include <sys/mman.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "extract/archive/archive.h"
#include "extract/failure.h"
#include "extract/ole/compound_file.h"
#include "extract/pdf/pdf.h"
#include "extract/sqlite/sqlite.h"
#include "fuzz/harness.h"
#include "scan/examine/examination.h"

namespace {

using namespace assay;

constexpr uint64_t max_scratch_bytes = uint64_t{32} << 20;
constexpr std::chrono::milliseconds max_time{3000};

scan::ExaminerSetup setup() {
  scan::ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.binaries = true;
  setup.fingerprint_key = std::string(32, 'k');
  setup.limits.max_expanded_bytes = uint64_t{8} << 20;
  setup.limits.max_member_bytes = uint64_t{4} << 20;
  setup.limits.max_members = 200;
  setup.limits.max_depth = 4;
  setup.limits.max_findings_per_object = 2000;
  return setup;
}

class CheckingReporter final : public scan::Reporter, private scan::FrameVisitor {
 public:
  void send(std::string_view frame) override { scan::decode_frame(frame, *this); }
  void begin_member(uint64_t ordinal) override {
    fuzz::require(ordinal > last_ordinal_, "members are counted");
    last_ordinal_ = ordinal;
  }
  // A worker's watchdog would end it; here what is in work gets a verdict.
  void tick() override {
    if (std::chrono::steady_clock::now() - begin_ > max_time)
      throw extract::Failure(model::VerdictKind::timeout, "the fuzz target's time");
  }

  void require_ended() const {
    fuzz::require(open_members_.empty(), "a member that began has a record");
    fuzz::require(object_ended_, "an object has a record");
  }

 private:
  void visit(model::Finding& finding) override {
    expect_open();
    fuzz::require(finding.confidence >= 0 && finding.confidence <= 1, "a confidence is between 0 and 1");
    fuzz::require(finding.start < finding.end, "a finding has a length");
    fuzz::require(finding.value.reveal().empty(), "a value is not sent unasked");
  }
  void visit(model::ColumnFinding&&) override { expect_open(); }
  void visit(model::ObjectRecord&& record) override {
    expect_open();
    if (record.member.empty()) {
      object_ended_ = true;
    } else if (!open_members_.empty() && record.member == open_members_.back()) {
      open_members_.pop_back();
    } else {
      fuzz::require(record.verdict.kind != model::VerdictKind::ok, "a member that never began was not read");
    }
  }
  void visit(scan::TraceLine&&) override { fuzz::require(false, "no line is to be explained"); }
  void visit(scan::LineMet&&) override { fuzz::require(false, "no line is to be explained"); }
  void visit(scan::MemberBegin&& begin) override {
    expect_open();
    open_members_.push_back(begin.member);
  }
  void expect_open() const { fuzz::require(!object_ended_, "the object's record is the last frame"); }

  uint64_t last_ordinal_ = 0;
  std::vector<std::string> open_members_;
  bool object_ended_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::optional<scan::ExaminerState> state;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  state.emplace(setup());
  extract::prepare_archive_library();
  extract::warm_up_ole();
  extract::warm_up_pdf();
  extract::warm_up_sqlite();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static extract::Scratch spool(::memfd_create("scratch", MFD_CLOEXEC), max_scratch_bytes);
  CheckingReporter reporter;
  scan::ExaminerRequest request;
  request.name = "a";
  extract::MemoryInput input(fuzz::as_text(data, size));
  scan::Examination examination(*state, request, spool, reporter);
  examination.run(input);
  reporter.require_ended();
  return 0;
}
