#include "cli/progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cli/human.h"

namespace assay::cli {
namespace {

unsigned terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : 80;
}

}  // namespace

ProgressDisplay::ProgressDisplay(const scan::Progress& progress, bool enabled) : progress_(progress) {
  if (enabled) thread_ = std::thread([this] { run(); });
}

ProgressDisplay::~ProgressDisplay() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void ProgressDisplay::run() {
  const auto begin = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, std::chrono::milliseconds(250), [this] { return end_; })) {
    const double elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    fmt::print(stderr, "\r\x1b[K{}", line(elapsed_s).substr(0, terminal_columns() - 1));
    std::fflush(stderr);
  }
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
}

std::string ProgressDisplay::line(double elapsed_s) const {
  const uint64_t done = progress_.bytes_done, found = progress_.bytes_found;
  const double rate = static_cast<double>(done - std::min(done, progress_.bytes_done_before.load())) / elapsed_s;
  std::string eta = "counting";
  if (progress_.walk_done && rate > 0)
    eta = "ETA " + human_duration(static_cast<double>(found - std::min(done, found)) / rate);
  return fmt::format("{} of {} objects  {} of {}  {:.0f} MB/s  {} findings  {}", progress_.objects_done.load(),
                     progress_.objects_found.load(), human_bytes(done), human_bytes(found), rate / 1e6,
                     progress_.findings.load(), eta);
}

}  // namespace assay::cli
