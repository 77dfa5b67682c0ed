#include "coordinate/loop.h"

#include <pthread.h>

#include <bit>
#include <chrono>
#include <exception>
#include <utility>

namespace assay::coordinate {
namespace {

constexpr BackoffPolicy error_backoff{.base_ms = 200, .cap_ms = 5'000};
constexpr int64_t listen_slice_ms = 500;       // how long stop() may have to wait for a listener
constexpr int64_t least_between_calls_ms = 5;  // a store that answers at once without a change must not spin

void name_this_thread(std::string_view name) {
  pthread_setname_np(pthread_self(), std::string(name.substr(0, 15)).c_str());  // the kernel's bound
}

}  // namespace

GuardedLoop::GuardedLoop(Loop& loop, const Runtime& runtime, uint64_t seed)
    : loop_(loop),
      log_(runtime.log.with({{"loop", loop.name()}})),
      failures_(runtime.metrics.counter("assay_loop_failures_total", "Turns of loops that ended with an error.",
                                        {{"loop", loop.name()}})),
      random_(seed) {}

int64_t GuardedLoop::turn() {
  try {
    const int64_t wait_ms = loop_.turn();
    if (failures_in_a_row_ > 0) log_.info("goes on after failures", {{"failures", failures_in_a_row_}});
    failures_in_a_row_ = 0;
    return wait_ms;
  } catch (const core::Error& error) {
    return failed(error.what());
  } catch (const std::exception&) {
    return failed("unexpected error in a loop");
  }
}

int64_t GuardedLoop::failed(std::string_view what) {
  failures_.add();
  ++failures_in_a_row_;
  if (std::has_single_bit(static_cast<uint64_t>(failures_in_a_row_))) {
    log_.warning("turn failed", {{"error", what}, {"failures", failures_in_a_row_}});
  }
  // Not below a twentieth of a second, which full jitter would allow: turns that fail at once must not fill a
  // processor.
  return 50 + backoff_ms(error_backoff, failures_in_a_row_, random_);
}

void LoopThread::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void LoopThread::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void LoopThread::poke() {
  loop_.on_poke();
  poke_quietly();
}

void LoopThread::poke_quietly() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_.notify_one();
}

void LoopThread::run(const std::stop_token& stop) {
  name_this_thread(loop_.name());
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      poked_ = false;
    }
    const int64_t wait_ms = loop_.turn();
    if (wait_ms <= 0) continue;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, std::chrono::milliseconds(wait_ms), [this] { return poked_; });
  }
}

ChangeListener::ChangeListener(const Runtime& runtime, std::string who, std::function<void()> on_change)
    : runtime_(runtime), who_(std::move(who)), on_change_(std::move(on_change)) {}

void ChangeListener::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void ChangeListener::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void ChangeListener::pause(const std::stop_token& stop, int64_t ms) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, std::chrono::milliseconds(ms), [] { return false; });
}

void ChangeListener::run(const std::stop_token& stop) {
  name_this_thread("listener");
  Random random(random_seed());
  int64_t failures = 0;
  while (!stop.stop_requested()) {
    const int64_t begun = runtime_.clock.monotonic_ms();
    try {
      runtime_.store.wait_for_change(who_, listen_slice_ms);
      failures = 0;
    } catch (const std::exception&) {
      // The loops say so themselves; without changes being told they look by themselves, only less often.
      pause(stop, 50 + backoff_ms(error_backoff, ++failures, random));
      continue;
    }
    const int64_t took_ms = runtime_.clock.monotonic_ms() - begun;
    if (took_ms >= listen_slice_ms || stop.stop_requested()) continue;
    on_change_();
    if (took_ms < least_between_calls_ms) pause(stop, least_between_calls_ms - took_ms);
  }
}

}  // namespace assay::coordinate
