#include "scan/explain.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

#include "core/error.h"
#include "scan/examiner_pool.h"

namespace assay::scan {
namespace {

using model::VerdictKind;

/// Gathers the frames of the one object.
class Gatherer final : public sandbox::FrameHandler, private FrameVisitor {
 public:
  void on_frame(uint64_t, std::string_view payload) override {
    try {
      decode_frame(payload, *this);
    } catch (const core::Error&) {
      is_malformed_ = true;
    }
  }
  void on_done(uint64_t, const sandbox::Outcome& outcome) override {
    if (outcome.verdict.kind != VerdictKind::ok) explanation.verdict = outcome.verdict;
    else if (is_malformed_ || !has_record_)
      explanation.verdict = {VerdictKind::violation, "the examiner sent a malformed message"};
  }

  LineExplanation explanation;

 private:
  static constexpr size_t max_candidates = 100'000;

  void visit(model::Finding&) override {}
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&& record) override {
    if (!record.member.empty()) {
      if (!members_.empty() && members_.back() == record.member) members_.pop_back();
      return;
    }
    has_record_ = true;
    explanation.format = std::move(record.format);
    explanation.verdict = std::move(record.verdict);
  }
  void visit(TraceLine&& trace) override {
    if (explanation.candidates.size() < max_candidates)
      explanation.candidates.push_back({members_.empty() ? std::string() : members_.back(), std::move(trace)});
  }
  void visit(MemberBegin&& begin) override { members_.push_back(std::move(begin.member)); }
  void visit(LineMet&&) override { explanation.has_line = true; }

  std::vector<std::string> members_;  // in work, from the outside in
  bool has_record_ = false, is_malformed_ = false;
};

core::Fd open_regular_file(const std::string& path) {
  // Without O_NONBLOCK, opening a FIFO waits for somebody to write to it.
  core::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) throw core::error_from_errno("cannot read " + path, errno);
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) throw core::error_from_errno("cannot read " + path, errno);
  if (!S_ISREG(status.st_mode))
    throw core::Error(core::ErrorKind::bad_input, path + " is not a regular file; a line of a file can be explained");
  return fd;
}

}  // namespace

LineExplanation explain_line(const ScanOptions& options, const std::string& path, uint64_t line) {
  core::Fd file = open_regular_file(path);
  ScanOptions one = options;
  one.threads = 1;
  ExaminerRequest request;
  request.name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0: a path without a slash
  request.explain_line = line;
  Gatherer gatherer;
  {
    sandbox::Pool pool(examiner_pool_options(one), gatherer);
    pool.submit(1, encode(request), std::move(file));
    pool.drain();
  }
  std::ranges::sort(gatherer.explanation.candidates, [](const auto& a, const auto& b) {
    return std::tie(a.member, a.trace.line_column, b.trace.confidence, a.trace.rule) <
           std::tie(b.member, b.trace.line_column, a.trace.confidence, b.trace.rule);
  });
  return std::move(gatherer.explanation);
}

}  // namespace assay::scan
