#include "extract/sandbox/pool.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "extract/sandbox/slot.h"

namespace assay::sandbox {
namespace {

// Each queued object holds a descriptor, of which a process may by default have 1024.
constexpr size_t most_queued = 256;

size_t capacity(unsigned workers) { return std::min<size_t>(most_queued, size_t{4} * max_batch * workers); }

PoolOptions checked(PoolOptions options) {
  const SandboxStatus status = probe_sandbox();
  if (options.strict && status.level != Level::full)
    throw core::Error(core::ErrorKind::permanent,
                      fmt::format("the sandbox is required in full, but {}", status.reasons.front()));
  make_scratch(options.scratch_directory);  // what every worker will need is missed before anything runs
  return options;
}

}  // namespace

class Pool::Impl {
 public:
  Impl(PoolOptions options, FrameHandler& handler)
      : options_(checked(std::move(options))),
        status_(probe_sandbox()),
        stop_event_(::eventfd(0, EFD_CLOEXEC)),
        queue_(capacity(std::max(1U, options_.workers)), std::max(1U, options_.workers)),
        keeper_(options_) {
    const PoolParts parts{options_, handler,           queue_,
                          keeper_,  stop_event_.get(), [this](const HelloBody& hello) { note(hello); }};
    for (unsigned i = 0; i < std::max(1U, options_.workers); ++i)
      threads_.emplace_back([this, parts] { run_slot(parts); });
  }

  ~Impl() { stop(); }

  void submit(std::vector<Submission> submissions) {
    std::vector<Job> jobs;
    for (Submission& one : submissions) {
      if (one.request.size() > max_request_bytes)
        throw core::Error(core::ErrorKind::bad_input, "a request to the sandbox may have 64 KiB");
      jobs.push_back({.id = one.id,
                      .request = std::move(one.request),
                      .object = std::move(one.object),
                      .is_held = std::move(one.is_held)});
    }
    if (jobs.size() > max_submissions)
      throw core::Error(core::ErrorKind::bug, "too many objects for the sandbox at a time");
    if (!jobs.empty()) queue_.push(std::move(jobs));
  }

  void drain() { queue_.wait_until_all_done(); }

  void stop() {
    const std::lock_guard lock(stop_mutex_);
    queue_.stop();
    const uint64_t one = 1;
    if (::write(stop_event_.get(), &one, sizeof(one)) < 0) return;
    keeper_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  SandboxStatus status() const {
    const std::lock_guard lock(status_mutex_);
    return status_;
  }

 private:
  void run_slot(const PoolParts& parts) {
    try {
      Slot(parts).run();
    } catch (const core::Error& error) {
      queue_.fail(error);
      parts.handler.on_failed();
    } catch (const std::exception& error) {
      queue_.fail(core::Error(core::ErrorKind::bug, error.what()));
      parts.handler.on_failed();
    }
  }

  void note(const HelloBody& hello) {
    SandboxStatus status = status_from_layers(hello.layers, hello.landlock_abi);
    const std::lock_guard lock(status_mutex_);
    status_ = std::move(status);
  }

  const PoolOptions options_;
  mutable std::mutex status_mutex_;
  SandboxStatus status_;
  core::Fd stop_event_;
  WorkQueue queue_;
  ZygoteKeeper keeper_;
  std::mutex stop_mutex_;
  std::vector<std::thread> threads_;
};

Pool::Pool(PoolOptions options, FrameHandler& handler) : impl_(std::make_unique<Impl>(std::move(options), handler)) {}
Pool::~Pool() = default;

void Pool::submit(uint64_t id, std::string request, core::Fd object) {
  std::vector<Submission> one;
  one.push_back({.id = id, .request = std::move(request), .object = std::move(object)});
  impl_->submit(std::move(one));
}
void Pool::submit(std::vector<Submission> submissions) { impl_->submit(std::move(submissions)); }
void Pool::drain() { impl_->drain(); }
void Pool::stop() { impl_->stop(); }
SandboxStatus Pool::status() const { return impl_->status(); }

}  // namespace assay::sandbox
