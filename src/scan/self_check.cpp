#include "scan/self_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string_view>

#include "core/error.h"
#include "core/fd.h"
#include "scan/examiner_pool.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

using Clock = std::chrono::steady_clock;

// The card number is the one that card schemes publish for tests.
constexpr std::string_view sample = "Please charge the credit card 4111 1111 1111 1111, valid until next year.\n";

uint64_t ms_since(Clock::time_point begin) {
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count());
}

// Read-only, as workers get all that they examine.
core::Fd sample_object() {
  const core::Fd memory(::memfd_create("assay-self-check", MFD_CLOEXEC));
  if (!memory || ::write(memory.get(), sample.data(), sample.size()) != static_cast<ssize_t>(sample.size()))
    throw core::error_from_errno("cannot make the text to be examined", errno);
  core::Fd readable(::open(fmt::format("/proc/self/fd/{}", memory.get()).c_str(), O_RDONLY | O_CLOEXEC));
  if (!readable) throw core::error_from_errno("cannot open the text to be examined (is /proc mounted?)", errno);
  return readable;
}

class Outcomes final : public sandbox::FrameHandler, private FrameVisitor {
 public:
  void on_frame(uint64_t, std::string_view payload) override {
    try {
      decode_frame(payload, *this);
    } catch (const core::Error&) {
      verdict = {model::VerdictKind::violation, "it sent a malformed message"};
    }
  }
  void on_done(uint64_t, const sandbox::Outcome& outcome) override {
    if (outcome.verdict.kind != model::VerdictKind::ok) verdict = outcome.verdict;
    peak_rss_bytes = outcome.peak_rss_bytes;
  }
  uint64_t findings = 0, peak_rss_bytes = 0;
  model::Verdict verdict{model::VerdictKind::violation, "it sent no record"};

 private:
  void visit(model::Finding&) override { ++findings; }
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&& record) override { verdict = std::move(record.verdict); }
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
};

void examine(const ScanOptions& options, SelfCheck& check) {
  ScanOptions one = options;
  one.threads = 1;
  auto pool_options = examiner_pool_options(one);
  check.examiner = pool_options.helper_path;
  Outcomes outcomes;
  const auto begin = Clock::now();
  sandbox::Pool pool(std::move(pool_options), outcomes);
  check.start_ms = ms_since(begin);
  const auto ready = Clock::now();
  ExaminerRequest request;
  request.name = "self-check.txt";
  pool.submit(1, encode(request), sample_object());
  pool.drain();
  check.examine_ms = ms_since(ready);
  check.sandbox = pool.status();
  check.peak_rss_bytes = outcomes.peak_rss_bytes;
  if (outcomes.verdict.kind != model::VerdictKind::ok)
    check.problem =
        fmt::format("a small text ended as {}: {}", model::to_string(outcomes.verdict.kind), outcomes.verdict.reason);
  else if (outcomes.findings == 0) check.problem = "a small text was read, but the card number in it was not found";
  check.ok = check.problem.empty();
}

}  // namespace

SelfCheck check_examiner(const ScanOptions& options) {
  SelfCheck check;
  check.sandbox = sandbox::probe_sandbox();
  try {
    examine(options, check);
  } catch (const core::Error& error) {
    check.ok = false;
    check.problem = error.what();
  }
  return check;
}

}  // namespace assay::scan
