#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "bench.h"
#include "coordinate/service.h"
#include "core/clock.h"
#include "core/error.h"
#include "model/transitions.h"
#include "scan/jobs/enumerate_handler.h"
#include "scan/jobs/examine_handler.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/packing.h"
#include "scan/jobs/range_handler.h"
#include "scan/jobs/sweep_handler.h"

// A log of 2 GiB on two workers, in ranges and as a whole.
namespace assay::bench {
namespace {

namespace fs = std::filesystem;
using namespace scan;

constexpr uint64_t log_bytes = uint64_t{2} << 30;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("assay-range-bench-{}", ::getpid())) {
    fs::create_directories(path_ / "logs");
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Numbers in every line, something to find in few: with more than a job keeps, both ways would end early.
std::string quiet_log(size_t bytes) {
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) {
    text += fmt::format("[{:>9}.{:03}] info [worker-{}] request {} served in {} ms, {} bytes\n", i / 60, i % 1000,
                        i % 16, i, i * 7 % 900, i * 31 % 100'000);
    if (i % 5'000 == 0) text += fmt::format("[{:>9}.000] info new account user{}@example.org\n", i / 60, i);
  }
  return text;
}

void write_log(const fs::path& path, uint64_t bytes) {
  const std::string block = quiet_log(16 << 20);
  std::ofstream file(path, std::ios::binary);
  for (uint64_t written = 0; written < bytes; written += block.size()) file << block;
  if (!file.flush()) throw core::Error(core::ErrorKind::transient, "there is no room for the log");
}

/// A worker of one slot, with an examiner of its own.
class OneWorker {
 public:
  OneWorker(const coordinate::Runtime& runtime, const std::string& definition)
      : scanners_({.threads = 1, .fingerprint_key = std::string(32, 'k'), .helper_path = {}},
                  [&definition](const std::string&) { return definition; }),
        worker_(runtime, options(),
                {std::make_shared<EnumerateHandler>(runtime.store, files_access(), EnumerateHandler::Options{}),
                 std::make_shared<ExamineHandler>(runtime.store, files_access(), scanners_),
                 std::make_shared<RangeHandler>(runtime.store, files_access(), scanners_),
                 std::make_shared<SweepHandler>(runtime.store, files_access())}) {
    worker_.start();
  }
  ~OneWorker() { worker_.stop(); }
  void prepare(const JobConfiguration& configuration) { scanner_ = scanners_.get(configuration); }

 private:
  static coordinate::WorkerOptions options() {
    coordinate::WorkerOptions options;
    options.slots = 1;
    return options;
  }
  ObjectScanners scanners_;
  std::shared_ptr<ObjectScanner> scanner_;
  coordinate::Worker worker_;
};

struct Measured {
  double seconds = 0;
  uint64_t findings = 0;
};

Measured scan_with_two_workers(const fs::path& folder, uint64_t split_from) {
  const fs::path database = folder / fmt::format("{}.db", split_from);
  const auto store =
      store::Store::open({.url = "sqlite:" + database.string(), .now_ms = nullptr, .operation_log_path = {}}, true);
  core::Metrics metrics;
  const coordinate::Runtime runtime{*store, core::system_clock(), metrics, core::Log()};
  const std::string definition = to_definition(classify::builtin_rule_sources());
  model::Datasource datasource;
  datasource.name = "logs";
  datasource.kind = "files";
  datasource.configuration = "{}";
  JobConfiguration configuration;
  configuration.sources = {{.datasource_id = store->add_datasource(datasource),
                            .name = "logs",
                            .kind = "files",
                            .address = {.roots = {(folder / "logs").string()}}}};
  configuration.rule_set_hash = rule_set_hash(definition);
  configuration.split_from = split_from;
  OneWorker one(runtime, definition), two(runtime, definition);
  one.prepare(configuration);
  two.prepare(configuration);
  const auto resources = coordinate::memory_resources(runtime.clock);
  coordinate::OrchestratorOptions options;
  options.packing = packing();
  coordinate::Orchestrator orchestrator(runtime, options, *resources);
  orchestrator.start();
  Measured measured;
  measured.seconds = best_seconds(1, [&] {
    store::NewMasterJob job;
    job.rule_set_hash = configuration.rule_set_hash;
    job.children.push_back({.node_group = "default",
                            .configuration = to_json(configuration),
                            .first_tasks = {enumerate_task(configuration.sources.front())}});
    const int64_t id = store->submit_job(job).job_ids.front();
    while (!model::is_over(store->find_job(id)->status)) store->wait_for_change("job/" + std::to_string(id), 50);
    for (const auto& row : store->progress(id)) measured.findings += row.work.findings;
  });
  orchestrator.stop();
  return measured;
}

}  // namespace

void run_range_bench() {
  const Folder folder;
  write_log(folder.path() / "logs" / "large.log", log_bytes);
  const Measured whole = scan_with_two_workers(folder.path(), 0);
  const Measured ranges = scan_with_two_workers(folder.path(), uint64_t{256} << 20);
  if (whole.findings != ranges.findings)
    fmt::print("MISSED: {} findings in ranges, {} in the whole\n", ranges.findings, whole.findings);
  const double mib = static_cast<double>(log_bytes) / (1 << 20);
  row("a log of 2 GiB in ranges, two workers", mib / ranges.seconds, "MiB/s", "the same as one task",
      mib / whole.seconds, 1.5, true);
}

}  // namespace assay::bench
