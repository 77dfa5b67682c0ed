#pragma once

#include <atomic>
#include <cstdint>

namespace assay::core {

/// What time it is, by this machine. Never used to judge whether a lease is over: the database's clock does that. What
/// a process believes of its own leases it measures with monotonic_ms(), begun before it asked for them.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds since 1970; may jump.
  virtual int64_t now_ms() const = 0;
  /// Milliseconds since some moment; never goes back, and goes on while the machine sleeps.
  virtual int64_t monotonic_ms() const = 0;
};

/// The machine's clocks: CLOCK_REALTIME and CLOCK_BOOTTIME (clock_gettime(2)). CLOCK_MONOTONIC stands still while a
/// machine is suspended, and leases do not.
const Clock& system_clock() noexcept;

/// Goes only where it is told to; for tests and simulations. Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(int64_t now_ms = 1'700'000'000'000) : now_ms_(now_ms) {}
  int64_t now_ms() const override { return now_ms_.load(); }
  int64_t monotonic_ms() const override { return monotonic_ms_.load(); }
  /// Both clocks go on.
  void advance(int64_t ms) {
    now_ms_ += ms;
    monotonic_ms_ += ms;
  }
  /// The wall clock alone jumps, as when somebody sets it.
  void set_now(int64_t now_ms) { now_ms_ = now_ms; }

 private:
  std::atomic<int64_t> now_ms_;
  std::atomic<int64_t> monotonic_ms_{1'000'000};
};

}  // namespace assay::core
