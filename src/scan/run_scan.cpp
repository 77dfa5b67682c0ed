#include "scan/run_scan.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "coordinate/service.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/glob.h"
#include "core/printable.h"
#include "scan/jobs/enumerate_handler.h"
#include "scan/jobs/examine_handler.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/packing.h"

namespace assay::scan {
namespace {

// Packs that wait to be examined before the walk waits: enough for every examiner, little enough for memory.
constexpr uint64_t most_waiting_packs = 32;
constexpr std::string_view node_group = "default";

JobConfiguration configuration_of(const ScanOptions& options, int64_t datasource_id, std::string rule_set) {
  JobConfiguration c;
  c.sources.push_back({.datasource_id = datasource_id,
                       .name = "scan",
                       .kind = "files",
                       .paths = options.paths,
                       .include = options.include,
                       .exclude = options.exclude,
                       .one_file_system = options.one_file_system});
  c.rule_set_hash = std::move(rule_set);
  c.entities = options.entities;
  c.min_confidence = options.min_confidence;
  c.ocr = options.ocr;
  c.binaries = options.binaries;
  c.ocr_languages = options.ocr_languages;
  c.limits = options.limits;
  return c;
}

ExaminerSettings settings_of(const ScanOptions& options) {
  return {.threads = options.threads,
          .reveal = options.reveal,
          .strict_sandbox = options.strict_sandbox,
          .fingerprint_key = options.fingerprint_key,
          .helper_path = options.helper_path};
}

std::unique_ptr<store::Store> open_store() {
  store::StoreOptions options;
  options.url = "sqlite::memory:";
  options.connections = 1;
  options.durable = false;
  return store::Store::open(options, true);
}

/// One scan as a job of its own: a store in memory, an orchestrator and a worker in this process, results shown as they
/// come and kept nowhere.
class ScanJob {
 public:
  ScanJob(const ScanOptions& options, ScanSink& sink, Progress& progress)
      : store_(open_store()),
        live_(sink, progress),
        definition_(to_definition(options.rules)),
        scanners_(settings_of(options), [this](const std::string&) { return definition_; }) {
    model::Datasource datasource;
    datasource.name = "scan";
    datasource.kind = "files";
    datasource.configuration = "{}";
    const int64_t source = store_->add_datasource(datasource);
    const JobConfiguration configuration = configuration_of(options, source, rule_set_hash(definition_));
    scanner_ = scanners_.get(configuration);  // so that rules that do not load are told before anything runs
    store::NewMasterJob job;
    model::NewTask first = enumerate_task(configuration.sources.front());
    first.needs_admission = false;
    job.children.push_back({.node_group = std::string(node_group),
                            .configuration = to_json(configuration),
                            .first_tasks = {std::move(first)}});
    job_id_ = store_->submit_job(job).job_ids.front();
  }

  ScanSummary run(const std::function<bool()>& stop) {
    const auto begin = std::chrono::steady_clock::now();
    std::stop_source stopping;
    {
      const std::jthread watcher([&](const std::stop_token& over) { stop_when_asked(stop, stopping, over); });
      const auto status = coordinate::run_embedded({*store_, core::system_clock(), metrics_, core::Log()}, options(),
                                                   handlers(), job_id_, stopping.get_token());
      if (status == model::JobStatus::failed && !stop()) throw_what_failed();
    }
    ScanSummary summary = live_.summary();
    summary.interrupted = stop();
    summary.elapsed_ms = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count());
    return summary;
  }

 private:
  coordinate::EmbeddedOptions options() const {
    coordinate::EmbeddedOptions options;
    options.orchestrator.packing = packing();
    options.worker.slots = 4;  // the walk, and packs enough that the examiners never wait for one
    options.worker.claim_batch = 4;
    options.worker.drain_grace_ms = 0;
    options.worker.listens = options.orchestrator.listens = false;  // they tell each other
    return options;
  }

  coordinate::Handlers handlers() {
    return {std::make_shared<EnumerateHandler>(
                *store_, EnumerateHandler::Options{.pack = {}, .most_waiting = most_waiting_packs, .live = &live_}),
            std::make_shared<ExamineHandler>(*store_, scanners_, &live_)};
  }

  // Handlers wait for their objects; when the scan is to end, so do those waits.
  void stop_when_asked(const std::function<bool()>& stop, std::stop_source& stopping, const std::stop_token& over) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!over.stop_requested()) {
      if (stop()) {
        stopping.request_stop();
        return scanners_.stop();
      }
      never.wait_for(lock, over, std::chrono::milliseconds(50), [] { return false; });
    }
  }

  [[noreturn]] void throw_what_failed() {
    for (const store::TaskRow& task : store_->list_tasks(job_id_, model::TaskStatus::dead, 0, 1))
      throw core::Error(core::ErrorKind::permanent, task.error);
    throw core::Error(core::ErrorKind::bug, "the scan failed without a reason");
  }

  const std::unique_ptr<store::Store> store_;
  LiveResults live_;
  const std::string definition_;
  ObjectScanners scanners_;
  std::shared_ptr<ObjectScanner> scanner_;
  core::Metrics metrics_;
  int64_t job_id_ = 0;
};

}  // namespace

ScanSummary run_scan(const ScanOptions& options, ScanSink& sink, Progress& progress,
                     const std::function<bool()>& stop) {
  for (const auto& path : options.paths) {
    struct stat status{};
    if (path != standard_input && ::stat(path.c_str(), &status) != 0 && (errno == ENOENT || errno == ENOTDIR))
      throw core::error_from_errno("cannot scan " + core::printable(path, 4096), errno);
  }
  // So that a bad pattern is told before anything runs.
  const core::GlobSet include(options.include), exclude(options.exclude);
  return ScanJob(options, sink, progress).run(stop);
}

}  // namespace assay::scan
