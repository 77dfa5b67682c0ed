#pragma once

#include <cstdint>
#include <optional>

#include "extract/sandbox/pool.h"
#include "extract/sandbox/wire.h"

namespace assay::sandbox {

/// What is known of a worker that ended.
struct Death {
  std::optional<Exited> exited;  ///< empty: it did not end by itself, or the helper died and cannot tell
  bool went_on = false;          ///< after it had closed its channel, until it was killed
  int64_t violating_call = -1;   ///< from the shared page
  uint64_t base_rss_bytes = 0;   ///< resident when it began
};

/// The verdict of the object that was in work: OOM for a worker that said so or that died near its memory limit,
/// VIOLATION for one the kernel ended, CRASH with the signal's name for the rest.
model::Verdict verdict_of(const Death& death, const WorkerLimits& limits);

/// Whether the worker closed its channel, or could not send for another reason. It may have closed its channel while an
/// earlier object was in work, whose answer it had not sent yet.
bool lost_its_channel(const Death& death);

}  // namespace assay::sandbox
