#include "cli/interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace assay::cli {
namespace {

// Written by whichever thread the signal comes to and read by others, which sig_atomic_t is not made for.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "only then may a signal handler use it");

std::atomic<int> wake_up = -1;

void on_signal(int signal) {
  if (!interrupted.exchange(true)) {
    const int before = errno;
    const uint64_t one = 1;
    if (wake_up >= 0) static_cast<void>(::write(wake_up, &one, sizeof one) == 0);
    errno = before;
    return;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void catch_interrupts() {
  if (wake_up < 0) wake_up = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // The end of the terminal, unless it was to be survived (nohup).
  struct sigaction before{};
  if (sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

bool was_interrupted() noexcept { return interrupted; }

bool wait_for_interrupt(int64_t timeout_ms) {
  pollfd waiting{.fd = wake_up, .events = POLLIN, .revents = 0};
  if (!interrupted) static_cast<void>(::poll(&waiting, 1, static_cast<int>(timeout_ms)));
  return interrupted;
}

}  // namespace assay::cli
