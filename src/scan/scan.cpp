#include "scan/scan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>

#include "connect/files/walk.h"
#include "core/error.h"
#include "core/printable.h"
#include "extract/sandbox/pool.h"
#include "scan/examiner_pool.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

using connect::files::FileEntry;
using model::VerdictKind;

// How often an object whose member killed its worker is taken up again behind that member.
constexpr unsigned max_resumes = 8;

/// One object between the walk and its last word.
struct InFlight {
  FileEntry entry;  // its descriptor is a second one: the first went to the worker
  ExaminerRequest request;
  std::string member_in_work;
  model::ObjectRecord record;
  bool has_record = false;
};

/// The journey of every object: found by the walk, given to an examiner, recorded.
class ScanRun final : public connect::files::TreeVisitor, public sandbox::FrameHandler {
 public:
  ScanRun(const ScanOptions& options, ScanSink& sink, Progress& progress, const std::function<bool()>& stop)
      : options_(options),
        sink_(sink),
        progress_(progress),
        stop_(stop),
        pool_(examiner_pool_options(options), *this) {}

  ScanSummary run();

  // What the walk finds.
  void on_file(FileEntry&& entry) override;
  void on_unread(std::string path, uint64_t size, model::Verdict verdict) override;
  bool stop_requested() override { return stop_(); }

  // What examiners say; from the pool's threads.
  void on_frame(uint64_t id, std::string_view payload) override;
  void on_done(uint64_t id, const sandbox::Outcome& outcome) override;

 private:
  class Recorder;

  void scan_paths();
  void scan_standard_input();
  void stop_pool_when_asked(const std::stop_token& ended);
  void submit(InFlight&& object);
  InFlight& in_flight(uint64_t id);
  void record(const model::ObjectRecord& record);
  void submit_resumed();
  void drain();
  bool resume(InFlight& object, const sandbox::Outcome& outcome);
  model::Verdict final_verdict(const InFlight& object, const sandbox::Outcome& outcome) const;

  const ScanOptions& options_;
  ScanSink& sink_;
  Progress& progress_;
  const std::function<bool()>& stop_;
  ScanSummary summary_;

  std::mutex sink_mutex_;  // the sink and the summary
  std::mutex objects_mutex_;
  std::condition_variable objects_changed_;
  std::unordered_map<uint64_t, std::unique_ptr<InFlight>> objects_;
  std::vector<InFlight> resumed_;  // to be submitted again, by the walking thread: a pool thread must not block
  uint64_t next_id_ = 1;

  sandbox::Pool pool_;  // last: its threads call the rest
};

/// Takes one frame of one object.
class ScanRun::Recorder final : public FrameVisitor {
 public:
  Recorder(ScanRun& run, InFlight& object) : run_(run), object_(object) {}

  void visit(model::Finding&& finding) override {
    finding.object = object_.entry.path;
    const std::lock_guard lock(run_.sink_mutex_);
    if (finding.suppressed) {
      ++run_.summary_.suppressed;
      return;
    }
    ++run_.summary_.findings;
    run_.progress_.findings.fetch_add(1, std::memory_order_relaxed);
    run_.sink_.on_finding(finding);
  }
  void visit(model::ColumnFinding&& column) override {
    column.object = object_.entry.path;
    const std::lock_guard lock(run_.sink_mutex_);
    run_.sink_.on_column(column);
  }
  void visit(model::ObjectRecord&& record) override {
    record.object = object_.entry.path;
    if (record.member.empty()) {
      object_.record = std::move(record);  // waits for the sandbox's word on the whole
      object_.has_record = true;
      return;
    }
    run_.record(record);
  }
  void visit(TraceLine&&) override {}
  void visit(LineMet&&) override {}
  void visit(MemberBegin&& begin) override { object_.member_in_work = std::move(begin.member); }

 private:
  ScanRun& run_;
  InFlight& object_;
};

ScanSummary ScanRun::run() {
  const auto begin = std::chrono::steady_clock::now();
  {
    const std::jthread watcher([this](const std::stop_token& ended) { stop_pool_when_asked(ended); });
    try {
      scan_paths();
      drain();
    } catch (const core::Error&) {
      if (!stop_()) throw;  // else it is the stopped pool that refuses
    }
  }
  if (stop_()) pool_.stop();
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
void ScanRun::stop_pool_when_asked(const std::stop_token& ended) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!ended.stop_requested()) {
    if (stop_()) return pool_.stop();
    never.wait_for(lock, ended, std::chrono::milliseconds(50), [] { return false; });
  }
}

void ScanRun::on_file(FileEntry&& entry) {
  submit_resumed();
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  progress_.bytes_found.fetch_add(entry.size, std::memory_order_relaxed);
  InFlight object;
  const size_t slash = entry.relative.rfind('/');
  object.request.name = slash == std::string::npos ? entry.relative : entry.relative.substr(slash + 1);
  object.entry = std::move(entry);
  submit(std::move(object));
}

void ScanRun::on_unread(std::string path, uint64_t size, model::Verdict verdict) {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
  record({.object = std::move(path),
          .member = {},
          .format = {},
          .bytes = size,
          .findings = 0,
          .verdict = std::move(verdict)});
}

void ScanRun::scan_standard_input() {
  progress_.objects_found.fetch_add(1, std::memory_order_relaxed);
  InFlight object;
  object.entry.path = "-";
  object.entry.fd = core::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!object.entry.fd) throw core::error_from_errno("cannot read standard input", errno);
  struct stat status{};
  object.request.is_stream = ::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
  submit(std::move(object));
}

void ScanRun::submit(InFlight&& object) {
  core::Fd for_worker(::fcntl(object.entry.fd.get(), F_DUPFD_CLOEXEC, 3));
  if (!for_worker) throw core::error_from_errno("cannot duplicate the descriptor of " + object.entry.path, errno);
  std::string request = encode(object.request);
  uint64_t id = 0;
  {
    std::unique_lock lock(objects_mutex_);
    id = next_id_++;
    objects_.emplace(id, std::make_unique<InFlight>(std::move(object)));
  }
  pool_.submit(id, std::move(request), std::move(for_worker));
}

InFlight& ScanRun::in_flight(uint64_t id) {
  const std::lock_guard lock(objects_mutex_);
  return *objects_.at(id);
}

void ScanRun::on_frame(uint64_t id, std::string_view payload) {
  Recorder recorder(*this, in_flight(id));
  try {
    decode_frame(payload, recorder);
  } catch (const core::Error&) {
    // A worker that was taken over may send anything; its object's record will say that it is not complete.
    in_flight(id).record.verdict = {VerdictKind::violation, "the examiner sent a malformed message"};
  }
}

void ScanRun::on_done(uint64_t id, const sandbox::Outcome& outcome) {
  std::unique_ptr<InFlight> object;
  {
    const std::lock_guard lock(objects_mutex_);
    object = std::move(objects_.at(id));
    objects_.erase(id);
  }
  if (outcome.verdict.kind == VerdictKind::ok || !resume(*object, outcome)) {
    model::ObjectRecord final_record = object->record;
    final_record.object = object->entry.path;
    if (!object->has_record) final_record.bytes = object->entry.size;
    final_record.verdict = final_verdict(*object, outcome);
    record(final_record);
    progress_.objects_done.fetch_add(1, std::memory_order_relaxed);
    progress_.bytes_done.fetch_add(object->entry.size, std::memory_order_relaxed);
  }
  objects_changed_.notify_all();
}

// A member killed the worker: it is recorded, and the object taken up again behind it.
bool ScanRun::resume(InFlight& object, const sandbox::Outcome& outcome) {
  auto& lethal = object.request.lethal_members;
  if (lethal.size() >= max_resumes || object.request.is_stream || stop_()) return false;
  if (outcome.last_ordinal <= (lethal.empty() ? 0 : lethal.back())) return false;
  record({.object = object.entry.path,
          .member = object.member_in_work,
          .format = {},
          .bytes = 0,
          .findings = 0,
          .verdict = outcome.verdict});
  lethal.push_back(outcome.last_ordinal);
  const std::lock_guard lock(objects_mutex_);
  resumed_.push_back(std::move(object));
  return true;
}

model::Verdict ScanRun::final_verdict(const InFlight& object, const sandbox::Outcome& outcome) const {
  model::Verdict verdict = outcome.verdict.kind != VerdictKind::ok ? outcome.verdict : object.record.verdict;
  if (outcome.verdict.kind == VerdictKind::ok && !object.has_record && verdict.kind == VerdictKind::ok)
    verdict = {VerdictKind::violation, "the examiner sent no record"};
  if (!object.request.lethal_members.empty() && verdict.kind == VerdictKind::ok)
    verdict = {VerdictKind::partial, "a member could not be examined"};
  const uint64_t most_bytes = options_.limits.max_object_bytes;
  if (most_bytes != 0 && object.entry.size > most_bytes &&
      (verdict.kind == VerdictKind::ok || verdict.kind == VerdictKind::partial))
    verdict = {VerdictKind::limit, "max_object_bytes"};
  if (verdict.kind == VerdictKind::ok && object.entry.path != "-" &&
      connect::files::changed_since(object.entry, object.entry.fd.get()))
    verdict = {VerdictKind::changed, "it changed while it was read"};
  return verdict;
}

void ScanRun::record(const model::ObjectRecord& record) {
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

// From the walking thread, between files, so that what waits does not pile up.
void ScanRun::submit_resumed() {
  std::vector<InFlight> waiting;
  {
    const std::lock_guard lock(objects_mutex_);
    waiting.swap(resumed_);
  }
  for (InFlight& object : waiting) submit(std::move(object));
}

// Waits for the last object, submitting again what is to be resumed.
void ScanRun::drain() {
  std::unique_lock lock(objects_mutex_);
  while (!objects_.empty() || !resumed_.empty()) {
    if (stop_()) return;
    if (!resumed_.empty()) {
      lock.unlock();
      submit_resumed();
      lock.lock();
      continue;
    }
    objects_changed_.wait_for(lock, std::chrono::milliseconds(100));
  }
  lock.unlock();
  pool_.drain();
}

}  // namespace

bool ScanSummary::complete() const {
  for (size_t i = 0; i < verdicts.size(); ++i)
    if (verdicts[i] != 0 && !model::is_complete(static_cast<VerdictKind>(i))) return false;
  return !interrupted;
}

ScanSummary run_scan(const ScanOptions& options, ScanSink& sink, Progress& progress,
                     const std::function<bool()>& stop) {
  for (const auto& path : options.paths) {
    struct stat status{};
    if (path != "-" && ::stat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR))
      throw core::error_from_errno("cannot scan " + core::printable(path, 4096), errno);
  }
  ScanRun run(options, sink, progress, stop);
  return run.run();
}

}  // namespace assay::scan
