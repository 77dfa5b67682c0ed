#include "scan/scan_job.h"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "connect/files/files_connector.h"
#include "core/error.h"
#include "core/printable.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/packing.h"

namespace assay::scan {
namespace {

constexpr auto between_questions = std::chrono::milliseconds(50);

}  // namespace

void check_places(const ScanOptions& options, const SourceAccess& access) {
  access.kinds.make(options.kind, options.source, {.resolve_secret = access.resolve_secret, .stop = {}});
  if (options.kind != "files") return;
  for (const auto& path : options.source.roots) {
    struct stat status{};
    if (path == connect::files::standard_input || ::stat(path.c_str(), &status) == 0) continue;
    const int error = errno;
    const std::string what = "cannot scan " + core::printable(path, 4096);
    if (error == ELOOP)
      throw core::Error(core::ErrorKind::bad_input,
                        what + ": symbolic links on its way lead in a circle, or through too many others");
    if (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG) throw core::error_from_errno(what, error);
  }
}

JobConfiguration configuration_of(const ScanOptions& options, int64_t datasource_id, std::string rule_set) {
  JobConfiguration c;
  c.sources.push_back(
      {.datasource_id = datasource_id, .name = "scan", .kind = options.kind, .address = options.source});
  c.rule_set_hash = std::move(rule_set);
  c.entities = options.entities;
  c.min_confidence = options.min_confidence;
  c.ocr = options.ocr;
  c.binaries = options.binaries;
  c.ocr_languages = options.ocr_languages;
  c.limits = options.limits;
  c.profile = options.profile;
  return c;
}

ExaminerSettings settings_of(const ScanOptions& options) {
  return {.threads = options.threads,
          .reveal = options.reveal,
          .strict_sandbox = options.strict_sandbox,
          .fingerprint_key = options.fingerprint_key,
          .helper_path = options.helper_path};
}

store::NewMasterJob job_of(const JobConfiguration& configuration) {
  store::NewMasterJob job;
  job.rule_set_hash = configuration.rule_set_hash;
  model::NewTask first = enumerate_task(configuration.sources.front());
  first.needs_admission = false;
  job.children.push_back(
      {.node_group = "default", .configuration = to_json(configuration), .first_tasks = {std::move(first)}});
  return job;
}

coordinate::EmbeddedOptions embedded_options() {
  coordinate::EmbeddedOptions options;
  options.orchestrator.packing = packing();
  options.worker.slots = 4;  // the walk, and packs enough that the examiners never wait for one
  options.worker.claim_batch = 4;
  options.worker.drain_grace_ms = 0;
  options.worker.listens = options.orchestrator.listens = false;  // they tell each other
  return options;
}

void throw_what_failed(store::Store& store, int64_t job_id) {
  for (const store::TaskRow& task : store.list_tasks(job_id, model::TaskStatus::dead, 0, 1))
    throw core::Error(core::ErrorKind::permanent, task.error);
  throw core::Error(core::ErrorKind::bug, "the scan failed without a reason");
}

StopWatcher::StopWatcher(const std::function<bool()>& stop, const std::function<void()>& on_stop,
                         const std::function<void()>& now_and_then)
    : thread_([this, &stop, on_stop, now_and_then](const std::stop_token& over) {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        while (!over.stop_requested()) {
          if (stop()) {
            stopping_.request_stop();
            if (on_stop) on_stop();
            return;
          }
          if (now_and_then) now_and_then();
          never.wait_for(lock, over, between_questions, [] { return false; });
        }
      }) {}

}  // namespace assay::scan
