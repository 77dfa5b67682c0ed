#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "coordinate/handler.h"
#include "scan/jobs/job_configuration.h"
#include "scan/jobs/live_results.h"
#include "scan/jobs/source_access.h"

namespace assay::scan {

/// Bounds on one pack of objects, which becomes one task.
struct PackBounds {
  uint64_t most_items = 256;
  uint64_t most_bytes = 64ULL << 20;
};

/// Walks the roots of one source and hands on what it finds, pack by pack, each with a checkpoint: an attempt that
/// ends early is taken up behind the last one.
class EnumerateHandler final : public coordinate::TaskHandler {
 public:
  struct Options {
    PackBounds pack;
    /// While so many packs wait to be examined, the walk waits too; 0: it never does. For stores that are memory.
    uint64_t most_waiting = 0;
    LiveResults* live = nullptr;  ///< gets what is not read, in place of the store
  };
  EnumerateHandler(store::Store& store, const SourceAccess& access, Options options)
      : store_(store), access_(access), options_(std::move(options)) {}

  std::string_view kind() const override { return enumerate_kind; }
  /// Throws core::Error: transient when a root cannot be reached, or the task was lost.
  store::TaskCompletion run(const coordinate::TaskContext& context) override;

 private:
  store::Store& store_;
  const SourceAccess& access_;
  const Options options_;
};

}  // namespace assay::scan
