#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <map>
#include <optional>

#include "core/error.h"
#include "extract/sandbox/huge_pages.h"
#include "extract/sandbox/landlock.h"
#include "extract/sandbox/lockdown.h"
#include "extract/sandbox/status.h"
#include "extract/sandbox/worker_loop.h"

namespace assay::sandbox {
namespace {

constexpr int worker_socket = 3;
constexpr int worker_scratch = 4;
constexpr unsigned first_free_descriptor = 5;
constexpr int above_all_fixed = 10;

// Dead workers are waited for one by one, forks are asked for one by one: one thread, no locks.
class Zygote {
 public:
  explicit Zygote(const ExaminerHooks& hooks) : hooks_(hooks) {}

  int run() {
    block_child_signal();
    if (!set_up()) return 1;
    for (;;) {
      pollfd events[2] = {{examiner_descriptor, POLLIN, 0}, {child_signals_.get(), POLLIN, 0}};
      if (::poll(events, 2, -1) < 0) continue;
      if (events[1].revents != 0) reap();
      if (events[0].revents != 0 && !take_order()) break;
    }
    end_workers();
    return 0;
  }

 private:
  void block_child_signal() {
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    child_signals_ = core::Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  bool set_up() {
    size_t size = 0;
    std::vector<core::Fd> descriptors;
    const std::span<char> target(reinterpret_cast<char*>(&settings_), sizeof(settings_));
    if (receive_message(examiner_descriptor, target, size, &descriptors, 0) != ReceiveStatus::ok ||
        size != sizeof(settings_) || descriptors.size() != 1)
      return false;
    try {
      filter_ = SyscallFilter::build();
      landlock_abi_ = landlock_abi();
      run_setup_hook(descriptors.front().get());
      gather_into_huge_pages();
    } catch (const std::exception& error) {
      reply(false, error.what());
      return false;
    }
    reply(true, "");
    return true;
  }

  void run_setup_hook(int file) const {
    struct stat info{};
    if (::fstat(file, &info) != 0) throw core::error_from_errno("cannot read the examiner's setup", errno);
    const auto size = static_cast<size_t>(info.st_size);
    if (size == 0) return hooks_.setup({});
    void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) throw core::error_from_errno("cannot read the examiner's setup", errno);
    hooks_.setup({static_cast<const char*>(bytes), size});
    ::munmap(bytes, size);
  }

  static void reply(bool ready, std::string_view text) {
    const ZygoteReply message{ready ? 1U : 0U};
    const iovec parts[] = {as_iovec(message), as_iovec(text.substr(0, max_message_bytes / 2))};
    send_message(examiner_descriptor, parts, {}, 0);
  }

  // False when the parent has gone.
  bool take_order() {
    SpawnMessage order{};
    size_t size = 0;
    std::vector<core::Fd> descriptors;
    const std::span<char> target(reinterpret_cast<char*>(&order), sizeof(order));
    const ReceiveStatus status = receive_message(examiner_descriptor, target, size, &descriptors, 0);
    if (status != ReceiveStatus::ok || descriptors.size() != 4) return false;
    spawn(descriptors);
    return true;
  }

  void spawn(std::vector<core::Fd>& descriptors) {
    core::Fd& report = descriptors[3];
    const pid_t zygote = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become_worker(descriptors[0].get(), descriptors[1].get(), descriptors[2].get(), zygote);
    const Spawned spawned{pid < 0 ? -errno : pid};
    const core::Fd handle(pid < 0 ? -1 : static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    const iovec part = as_iovec(spawned);
    const int fd = handle.get();
    send_message(report.get(), {&part, 1}, {&fd, handle ? 1U : 0U}, MSG_DONTWAIT);
    if (pid > 0) reports_[pid] = std::move(report);
  }

  [[noreturn]] void become_worker(int socket, int page_file, int scratch, pid_t zygote) {
    void* mapped = ::mmap(nullptr, shared_page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, page_file, 0);
    const int high_socket = ::fcntl(socket, F_DUPFD, above_all_fixed);
    const int high_scratch = ::fcntl(scratch, F_DUPFD, above_all_fixed);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (mapped == MAP_FAILED || high_socket < 0 || high_scratch < 0 || nothing < 0) ::_exit(exit_not_locked);
    ::dup2(high_socket, worker_socket);
    ::dup2(high_scratch, worker_scratch);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
#ifndef ASSAY_SANITIZED
    ::dup2(nothing, STDERR_FILENO);  // libraries print what they read; a sanitizer's report is wanted
#endif
    ::close_range(first_free_descriptor, ~0U, 0);
    auto& page = *static_cast<SharedPage*>(mapped);
    page.violating_call.store(-1);
    page.base_rss_bytes.store(memory_use().resident_bytes);
    // On the heap, not the stack: the stack of a worker is bounded.
    auto& channel = *new Channel(worker_socket, page);
    try {
      if (hooks_.enter_worker) hooks_.enter_worker();
    } catch (...) {
      refuse(channel, "its preparation threw an exception");
    }
    const uint32_t layers = lock_down({.memory_bytes = settings_.memory_bytes,
                                       .scratch_bytes = settings_.scratch_bytes,
                                       .zygote_pid = zygote,
                                       .landlock_abi = landlock_abi_,
                                       // NOLINTNEXTLINE(bugprone-unchecked-optional-access): built before any fork
                                       .filter = &*filter_,
                                       .page = &page});
    const SandboxStatus status = status_from_layers(layers, landlock_abi_);
    if (settings_.strict != 0 && status.level != Level::full) refuse(channel, status.reasons.front());
    const HelloBody hello{layers, landlock_abi_};
    channel.put(FrameKind::hello, 0, 0, {{reinterpret_cast<const char*>(&hello), sizeof(hello)}});
    channel.flush();
    serve_requests(hooks_, worker_socket, worker_scratch, page, channel);
  }

  [[noreturn]] static void refuse(Channel& channel, std::string_view why) {
    channel.put(FrameKind::refused, 0, 0, {why.substr(0, max_reason_bytes)});
    channel.flush();
    ::_exit(exit_not_locked);
  }

  void reap() {
    signalfd_siginfo info{};
    while (::read(child_signals_.get(), &info, sizeof(info)) > 0) {
    }
    while (wait_for_one(WNOHANG)) {
    }
  }

  bool wait_for_one(int flags) {
    int status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &status, flags, &usage);
    if (pid <= 0) return false;
    const auto found = reports_.find(pid);
    if (found == reports_.end()) return true;
    const auto us = [](const timeval& time) { return static_cast<uint64_t>(time.tv_sec * 1'000'000 + time.tv_usec); };
    const Exited exited{status, static_cast<uint64_t>(usage.ru_maxrss) * 1024, us(usage.ru_utime) + us(usage.ru_stime)};
    const iovec part = as_iovec(exited);
    send_message(found->second.get(), {&part, 1}, {}, MSG_DONTWAIT);
    reports_.erase(found);
    return true;
  }

  // Nothing this process started outlives it, not even as a zombie of somebody else.
  void end_workers() {
    for (const auto& [pid, report] : reports_) ::kill(pid, SIGKILL);
    while (wait_for_one(0)) {
    }
  }

  const ExaminerHooks& hooks_;
  SetupMessage settings_{};
  std::optional<SyscallFilter> filter_;
  int landlock_abi_ = 0;
  core::Fd child_signals_;
  std::map<pid_t, core::Fd> reports_;  ///< of the workers that live
};

bool started_by_a_pool() {
  int type = 0;
  socklen_t size = sizeof(type);
  return ::getsockopt(examiner_descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

}  // namespace

int run_examiner(const ExaminerHooks& hooks) {
  if (!started_by_a_pool()) {
    fmt::print(stderr, "This program examines documents for assay, which starts it; it does nothing by itself.\n");
    return 64;
  }
  ::fcntl(examiner_descriptor, F_SETFD, FD_CLOEXEC);
  return Zygote(hooks).run();
}

}  // namespace assay::sandbox
