#include "scan/examiner_pool.h"

#include <algorithm>
#include <thread>

#include "scan/examiner_path.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

constexpr uint64_t bytes_of_other_results = 256ULL << 20;  // records of members, columns, profiles
// An ordinary finding takes a third of it.
constexpr uint64_t bytes_of_a_finding = 1024;

// Results go on as they come and are not kept here, so their number is a matter of what is asked for: the examiner
// stops at so many findings by itself, and one that was taken over is stopped a little later.
uint64_t output_bytes(uint64_t most_findings) {
  constexpr uint64_t most = (UINT64_MAX - bytes_of_other_results) / bytes_of_a_finding;
  return bytes_of_other_results + std::min(most_findings, most) * bytes_of_a_finding;
}

}  // namespace

sandbox::PoolOptions examiner_pool_options(const ScanOptions& options) {
  sandbox::PoolOptions pool;
  pool.helper_path = find_examiner(options.helper_path);
  pool.setup = encode(ExaminerSetup{.rules = options.rules,
                                    .entities = options.entities,
                                    .min_confidence = options.min_confidence,
                                    .limits = options.limits,
                                    .ocr = options.ocr,
                                    .binaries = options.binaries,
                                    .reveal = options.reveal,
                                    .fingerprint_key = options.fingerprint_key,
                                    .ocr_languages = options.ocr_languages,
                                    .profile = options.profile});
  pool.workers = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  pool.limits.memory_bytes = options.limits.max_worker_memory_bytes;
  pool.limits.cpu_ms = options.limits.max_object_cpu_ms;
  pool.limits.wall_ms = options.limits.max_object_wall_ms;
  pool.limits.no_progress_ms = options.limits.max_no_progress_ms;
  pool.limits.output_bytes = output_bytes(options.limits.max_findings_per_object);
  pool.scratch_bytes = options.limits.max_member_bytes;
  pool.strict = options.strict_sandbox;
  return pool;
}

}  // namespace assay::scan
