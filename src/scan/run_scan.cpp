#include "scan/run_scan.h"

#include <chrono>

#include "core/clock.h"
#include "scan/jobs/enumerate_handler.h"
#include "scan/jobs/examine_handler.h"
#include "scan/scan_job.h"

namespace assay::scan {
namespace {

// Packs that wait to be examined before the walk waits: enough for every examiner, little enough for memory.
constexpr uint64_t most_waiting_packs = 32;

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
  ScanJob(const ScanOptions& options, const SourceAccess& access, ScanSink& sink, Progress& progress)
      : access_(access),
        store_(open_store()),
        live_(sink, progress),
        definition_(to_definition(options.rules)),
        scanners_(settings_of(options), [this](const std::string&) { return definition_; }) {
    model::Datasource datasource;
    datasource.name = "scan";
    datasource.kind = options.kind;
    datasource.configuration = "{}";
    const int64_t source = store_->add_datasource(datasource);
    const JobConfiguration configuration = configuration_of(options, source, rule_set_hash(definition_));
    scanner_ = scanners_.get(configuration);  // so that rules that do not load are told before anything runs
    job_id_ = store_->submit_job(job_of(configuration)).job_ids.front();
  }

  ScanSummary run(const std::function<bool()>& stop) {
    const auto begin = std::chrono::steady_clock::now();
    {
      // Handlers wait for their objects; when the scan is to end, so do those waits.
      const StopWatcher watcher(stop, [this] { scanners_.stop(); });
      const auto status = coordinate::run_embedded({*store_, core::system_clock(), metrics_, core::Log()},
                                                   embedded_options(), handlers(), job_id_, watcher.token());
      if (status == model::JobStatus::failed && !stop()) throw_what_failed(*store_, job_id_);
    }
    ScanSummary summary = live_.summary();
    summary.interrupted = stop();
    summary.elapsed_ms = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count());
    return summary;
  }

 private:
  coordinate::Handlers handlers() {
    return {std::make_shared<EnumerateHandler>(
                *store_, access_,
                EnumerateHandler::Options{.pack = {}, .most_waiting = most_waiting_packs, .live = &live_}),
            std::make_shared<ExamineHandler>(*store_, access_, scanners_, &live_)};
  }

  const SourceAccess& access_;
  const std::unique_ptr<store::Store> store_;
  LiveResults live_;
  const std::string definition_;
  ObjectScanners scanners_;
  std::shared_ptr<ObjectScanner> scanner_;
  core::Metrics metrics_;
  int64_t job_id_ = 0;
};

}  // namespace

ScanSummary run_scan(const ScanOptions& options, const SourceAccess& access, ScanSink& sink, Progress& progress,
                     const std::function<bool()>& stop) {
  check_places(options, access);
  return ScanJob(options, access, sink, progress).run(stop);
}

}  // namespace assay::scan
