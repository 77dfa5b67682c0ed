#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/fd.h"
#include "extract/sandbox/status.h"
#include "model/verdict.h"

/// The parent's side of the sandbox: a pool of locked-down processes that examine untrusted objects.
namespace assay::sandbox {

/// Bounds on one worker process and on its work for one object.
struct WorkerLimits {
  uint64_t memory_bytes = 112ULL << 20;  ///< private memory on top of what set-up took
  uint64_t cpu_ms = 300'000;             ///< CPU time for one object
  uint64_t wall_ms = 600'000;        ///< time the parent waits for one object; its own handler's time is not counted
  uint64_t no_progress_ms = 60'000;  ///< time without a frame, a member or a tick
  uint64_t output_bytes = 256ULL << 20;  ///< payload bytes of one object
  uint32_t objects_per_worker = 100;     ///< then the worker is replaced by a fresh one
};

struct PoolOptions {
  std::string helper_path;
  std::vector<std::string> helper_args;
  std::string setup;  ///< opaque; given to the helper's setup hook
  unsigned workers = 1;
  WorkerLimits limits;
  uint64_t scratch_bytes = 4ULL << 30;  ///< largest scratch file of one worker
  std::string scratch_directory;        ///< where they lie, unlinked; empty: $TMPDIR, else /var/tmp
  bool strict = false;                  ///< refuse to start when a layer of the sandbox is missing
  uint64_t setup_timeout_ms = 120'000;
  unsigned max_restarts = 5;  ///< of the helper, when it dies by itself
};

/// How the sandbox saw the examination of one object end.
struct Outcome {
  model::Verdict verdict;       ///< ok: the examine hook returned
  uint64_t last_ordinal = 0;    ///< member in work when the worker died; 0: the object itself
  uint64_t peak_rss_bytes = 0;  ///< of the worker, since it was started
  uint64_t cpu_ms = 0;          ///< for this object, or for the whole worker when it died
};

/// Takes the answers. Called from the pool's threads, several at a time, but calls for one id come in order, and
/// on_done is the last and comes exactly once. A call that blocks holds up one worker only, and its time is not
/// charged to the object. An exception ends the pool.
class FrameHandler {
 public:
  virtual ~FrameHandler() = default;
  virtual void on_frame(uint64_t id, std::string_view payload) = 0;
  virtual void on_done(uint64_t id, const Outcome& outcome) = 0;
  /// The pool failed: what is not done will not be. Other threads of the pool may still be in a call.
  virtual void on_failed() {}
};

/// One object for a pool; see Pool::submit().
struct Submission {
  uint64_t id = 0;
  std::string request;
  core::Fd object;
  /// True while whoever feeds the object makes it wait on purpose: that time is not charged to it. May be nullptr.
  std::shared_ptr<const std::atomic<bool>> is_held{};
};

/// Examines objects in sandboxed worker processes, which a helper (see worker.h) forks. Thread-safe.
///
/// An object whose worker dies gets a verdict that says how; the objects that waited behind it in the same worker are
/// given to another without anybody noticing. When the pool itself fails (the helper cannot be started any more) or is
/// stopped, ids that had no on_done were not examined and get none.
class Pool {
 public:
  /// Starts the helper and waits for its set-up. Throws core::Error: not_found or denied when there is no such
  /// helper, bad_input with the message of a setup hook that threw, permanent when `strict` and a layer is missing.
  Pool(PoolOptions options, FrameHandler& handler);
  ~Pool();  ///< stop()

  /// Queues one object. `request` is opaque, at most 64 KiB; `object` is given to the worker as it is (so it should be
  /// open for reading only) and may be empty. `id`s need not be unique, but the handler sees nothing else. Blocks
  /// while the queue is full. Throws core::Error when the pool failed or was stopped.
  void submit(uint64_t id, std::string request, core::Fd object);
  /// The same for several at a time, which costs less for each: at most max_submissions.
  void submit(std::vector<Submission> submissions);
  static constexpr size_t max_submissions = 64;

  /// Waits until everything submitted is done. Throws core::Error when the pool failed or was stopped.
  void drain();

  /// Ends everything at once: kills the workers, ends the helper, joins the threads. Idempotent.
  void stop();

  /// How well workers are held: as the latest worker reported, else as the kernel promises.
  SandboxStatus status() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::sandbox
