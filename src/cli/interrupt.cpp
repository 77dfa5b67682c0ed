#include "cli/interrupt.h"

#include <atomic>
#include <csignal>

namespace assay::cli {
namespace {

// Written by whichever thread the signal comes to and read by others, which sig_atomic_t is not made for.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "only then may a signal handler use it");

void on_signal(int signal) {
  if (!interrupted.exchange(true)) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool was_interrupted() noexcept { return interrupted; }

}  // namespace assay::cli
