#include "extract/sandbox/watchdog.h"

#include <fmt/format.h>

namespace assay::sandbox {
namespace {

constexpr uint64_t ns_per_ms = 1'000'000;

}  // namespace

void Watchdog::waited(uint64_t elapsed_ns, const SharedPage& page, bool heard) {
  const uint64_t current = page.current.load(std::memory_order_acquire);
  const uint64_t progress = page.progress.load(std::memory_order_relaxed);
  if (current != current_) {
    current_ = current;
    progress_ = progress;
    wall_ns_ = 0;
    silent_ns_ = 0;
    cpu_at_start_ns_.reset();
    return;
  }
  wall_ns_ += elapsed_ns;
  silent_ns_ = heard || progress != progress_ ? 0 : silent_ns_ + elapsed_ns;
  progress_ = progress;
}

std::optional<std::string> Watchdog::complaint(std::optional<uint64_t> cpu_ns) {
  if (limits_.no_progress_ms != 0 && silent_ns_ / ns_per_ms > limits_.no_progress_ms)
    return fmt::format("no progress for {} ms", limits_.no_progress_ms);
  if (limits_.wall_ms != 0 && wall_ns_ / ns_per_ms > limits_.wall_ms)
    return fmt::format("not done after {} ms", limits_.wall_ms);
  if (cpu_ns) {
    if (!cpu_at_start_ns_) cpu_at_start_ns_ = cpu_ns;
    if (limits_.cpu_ms != 0 && (*cpu_ns - *cpu_at_start_ns_) / ns_per_ms > limits_.cpu_ms)
      return fmt::format("not done after {} ms of CPU time", limits_.cpu_ms);
  }
  return std::nullopt;
}

}  // namespace assay::sandbox
