#include "scan/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "connect/files/walk.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/examiner_pool.h"
#include "scan/object_scanner.h"

namespace assay::scan {
namespace {

using connect::files::FileEntry;

/// The journey of every object: found by the walk, given to an examiner, recorded.
class ScanRun final : public connect::files::TreeVisitor, public ObjectSink {
 public:
  ScanRun(const ScanOptions& options, ScanSink& sink, Progress& progress, const std::function<bool()>& stop)
      : options_(options),
        sink_(sink),
        progress_(progress),
        stop_(stop),
        scanner_(examiner_pool_options(options), options.limits.max_object_bytes) {}

  ScanSummary run();

  // What the walk finds.
  void on_file(FileEntry&& entry) override;
  void on_unread(std::string path, uint64_t size, model::Verdict verdict) override;
  bool stop_requested() override { return stop_(); }

  // What becomes of it.
  void on_finding(model::Finding&& finding) override;
  void on_column(model::ColumnFinding&& column) override;
  void on_member(model::ObjectRecord&& record) override { keep(record); }
  void on_object(model::ObjectRecord&& record) override;
  void on_abandoned(const std::string&) override {}

 private:
  void scan_paths();
  void scan_standard_input();
  void stop_scanner_when_asked(const std::stop_token& ended);
  void keep(const model::ObjectRecord& record);

  const ScanOptions& options_;
  ScanSink& sink_;
  Progress& progress_;
  const std::function<bool()>& stop_;
  ScanSummary summary_;
  std::mutex sink_mutex_;  // the sink and the summary
  ObjectScanner scanner_;  // last: its threads call the rest
};

ScanSummary ScanRun::run() {
  const auto begin = std::chrono::steady_clock::now();
  {
    const std::jthread watcher([this](const std::stop_token& ended) { stop_scanner_when_asked(ended); });
    try {
      scan_paths();
      scanner_.drain();
    } catch (const core::Error&) {
      if (!stop_()) throw;  // else it is the stopped scanner that refuses
    }
  }
  if (stop_()) scanner_.stop();
  summary_.interrupted = stop_();
  summary_.elapsed_ms = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count());
  return summary_;
}

void ScanRun::scan_paths() {
  const connect::files::WalkOptions walk_options{
      .include = options_.include, .exclude = options_.exclude, .one_file_system = options_.one_file_system};
  for (const auto& path : options_.paths) {
    if (stop_()) break;
    if (path == "-") scan_standard_input();
    else connect::files::walk(path, walk_options, *this);
  }
  progress_.walk_done = true;
}

// The walk may be waiting behind a queue of large objects, where it does not hear that the scan is to end.
void ScanRun::stop_scanner_when_asked(const std::stop_token& ended) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!ended.stop_requested()) {
    if (stop_()) return scanner_.stop();
    never.wait_for(lock, ended, std::chrono::milliseconds(50), [] { return false; });
  }
}

void ScanRun::on_file(FileEntry&& entry) {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  progress_.bytes_found.fetch_add(entry.size, std::memory_order_relaxed);
  scanner_.submit(std::move(entry), false, *this);
}

void ScanRun::on_unread(std::string path, uint64_t size, model::Verdict verdict) {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
  keep({.object = std::move(path),
        .member = {},
        .format = {},
        .bytes = size,
        .findings = 0,
        .verdict = std::move(verdict)});
}

void ScanRun::scan_standard_input() {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  FileEntry entry;
  entry.path = "-";
  entry.fd = core::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!entry.fd) throw core::error_from_errno("cannot read standard input", errno);
  struct stat status{};
  const bool is_stream = ::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
  scanner_.submit(std::move(entry), is_stream, *this);
}

void ScanRun::on_finding(model::Finding&& finding) {
  const std::lock_guard lock(sink_mutex_);
  if (finding.suppressed) {
    ++summary_.suppressed;
    return;
  }
  ++summary_.findings;
  progress_.findings.fetch_add(1, std::memory_order_relaxed);
  sink_.on_finding(finding);
}

void ScanRun::on_column(model::ColumnFinding&& column) {
  const std::lock_guard lock(sink_mutex_);
  sink_.on_column(column);
}

void ScanRun::on_object(model::ObjectRecord&& record) {
  progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
  progress_.bytes_done.fetch_add(record.bytes, std::memory_order_relaxed);
  keep(record);
}

void ScanRun::keep(const model::ObjectRecord& record) {
  const std::lock_guard lock(sink_mutex_);
  ++summary_.verdicts[static_cast<size_t>(record.verdict.kind)];
  if (record.member.empty()) {
    ++summary_.objects;
    summary_.bytes += record.bytes;
  } else {
    ++summary_.members;
  }
  sink_.on_object(record);
}

}  // namespace

bool ScanSummary::complete() const {
  for (size_t i = 0; i < verdicts.size(); ++i)
    if (verdicts[i] != 0 && !model::is_complete(static_cast<model::VerdictKind>(i))) return false;
  return !interrupted;
}

ScanSummary run_scan(const ScanOptions& options, ScanSink& sink, Progress& progress,
                     const std::function<bool()>& stop) {
  for (const auto& path : options.paths) {
    struct stat status{};
    if (path != "-" && ::stat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR))
      throw core::error_from_errno("cannot scan " + core::printable(path, 4096), errno);
  }
  return ScanRun(options, sink, progress, stop).run();
}

}  // namespace assay::scan
