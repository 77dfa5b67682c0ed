#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "extract/sandbox/pool.h"
#include "extract/sandbox/shared_page.h"

namespace assay::sandbox {

/// Judges whether a worker still gets on with the request in work. Time counts only while the parent waits for the
/// worker: what the parent's own handler takes is not the object's fault.
class Watchdog {
 public:
  explicit Watchdog(const WorkerLimits& limits) : limits_(limits) {}

  /// Forgets what was seen: a new worker.
  void restart() { *this = Watchdog(limits_); }

  /// To be told of every wait: how long it was, what the page says after it, whether messages came.
  void waited(uint64_t elapsed_ns, const SharedPage& page, bool heard);

  /// Time waited for the request in work, in ms; a lower bound.
  uint64_t waited_ms() const noexcept { return wall_ns_ / 1'000'000; }

  /// Why the worker must end; nullopt while all is well. `cpu_ns` is the process's CPU time so far, if known.
  std::optional<std::string> complaint(std::optional<uint64_t> cpu_ns);

 private:
  WorkerLimits limits_;
  uint64_t current_ = 0;
  uint64_t progress_ = 0;
  uint64_t wall_ns_ = 0;
  uint64_t silent_ns_ = 0;
  std::optional<uint64_t> cpu_at_start_ns_;
};

}  // namespace assay::sandbox
