#include "extract/sandbox/zygote_keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "extract/sandbox/wire.h"
#include "extract/sandbox/worker.h"

namespace assay::sandbox {
namespace {

constexpr int end_grace_ms = 2000;

// The helper gets no more of the environment than its libraries need: what it does not hold cannot leak from it.
std::vector<std::string> helper_environment() {
  std::vector<std::string> environment = {"OMP_THREAD_LIMIT=1", "OMP_NUM_THREADS=1"};  // threads are not allowed
  for (const char* name : {"LANG", "LC_ALL", "LC_CTYPE", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                           "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE"})
    if (const char* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));
  return environment;
}

std::vector<char*> as_pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void check_helper(const std::string& path) {
  if (::access(path.c_str(), X_OK) == 0) return;
  if (errno == ENOENT || errno == ENOTDIR)
    throw core::Error(core::ErrorKind::not_found, fmt::format("the examiner is missing: there is no {}", path));
  throw core::error_from_errno(fmt::format("the examiner {} cannot be run", path), errno);
}

core::Fd write_setup(std::string_view setup) {
  core::Fd file(::memfd_create("assay-setup", MFD_CLOEXEC));
  if (!file) throw core::error_from_errno("cannot hand the examiner its setup", errno);
  while (!setup.empty()) {
    const ssize_t written = ::write(file.get(), setup.data(), setup.size());
    if (written < 0) throw core::error_from_errno("cannot hand the examiner its setup", errno);
    setup.remove_prefix(static_cast<size_t>(written));
  }
  return file;
}

// Between fork and exec of a process with threads: system calls only.
[[noreturn]] void exec_helper(int their_end, pid_t parent, char* const* arguments, char* const* environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::setpgid(0, 0);  // Ctrl-C goes to assay, which decides
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) ::_exit(127);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(nothing, STDOUT_FILENO);
  const int high = ::fcntl(their_end, F_DUPFD, examiner_descriptor + 1);
  if (high < 0) ::_exit(127);
  ::dup2(high, examiner_descriptor);
  ::close_range(examiner_descriptor + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

}  // namespace

ZygoteKeeper::ZygoteKeeper(const PoolOptions& options) : options_(options), stop_event_(::eventfd(0, EFD_CLOEXEC)) {
  if (!stop_event_) throw core::error_from_errno("cannot start the sandbox", errno);
  check_helper(options_.helper_path);
  thread_ = std::thread([this] { keep(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ != State::starting; });
  if (state_ != State::failed) return;
  lock.unlock();
  thread_.join();
  throw core::Error(failure_);
}

ZygoteKeeper::~ZygoteKeeper() { stop(); }

void ZygoteKeeper::enter(State state) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::stopped) return;
  state_ = state;
  changed_.notify_all();
}

void ZygoteKeeper::keep() {
  for (unsigned deaths = 0;; ++deaths) {
    try {
      if (deaths > options_.max_restarts)
        throw core::Error(
            core::ErrorKind::permanent,
            fmt::format("the examiner {} died {} times; it is not started again", options_.helper_path, deaths));
      launch();
    } catch (const core::Error& error) {
      {
        const std::lock_guard lock(mutex_);
        failure_ = error;
      }
      return enter(State::failed);
    }
    enter(State::ready);
    const std::shared_ptr<core::Fd> control = control_;
    pollfd events[2] = {{stop_event_.get(), POLLIN, 0}, {control->get(), POLLIN, 0}};
    while (events[0].revents == 0 && events[1].revents == 0) ::poll(events, 2, -1);
    const bool stopping = events[0].revents != 0;
    if (!stopping) enter(State::starting);
    reap(control->get());
    if (stopping) return;
  }
}

void ZygoteKeeper::launch() {
  SocketPair ends = make_socket_pair();
  pid_ = fork_helper(ends.theirs.get());
  ends.theirs.reset();
  try {
    hand_over_setup(ends.ours.get());
    await_ready(ends.ours.get());
  } catch (...) {
    ::kill(pid_, SIGKILL);
    reap(ends.ours.get());
    throw;
  }
  const std::lock_guard lock(mutex_);
  control_ = std::make_shared<core::Fd>(std::move(ends.ours));
  ++generation_;
}

pid_t ZygoteKeeper::fork_helper(int their_end) const {
  std::vector<std::string> arguments = {options_.helper_path};
  arguments.insert(arguments.end(), options_.helper_args.begin(), options_.helper_args.end());
  std::vector<std::string> environment = helper_environment();
  const std::vector<char*> argument_pointers = as_pointers(arguments);
  const std::vector<char*> environment_pointers = as_pointers(environment);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) exec_helper(their_end, parent, argument_pointers.data(), environment_pointers.data());
  if (pid < 0) throw core::error_from_errno("cannot start the examiner", errno);
  return pid;
}

void ZygoteKeeper::hand_over_setup(int control) const {
  const core::Fd setup = write_setup(options_.setup);
  const SetupMessage message{options_.limits.memory_bytes, options_.scratch_bytes, options_.strict ? 1U : 0U};
  const iovec part = as_iovec(message);
  const int fd = setup.get();
  if (const int error = send_message(control, {&part, 1}, {&fd, 1}, 0); error != 0)
    throw core::error_from_errno("cannot hand the examiner its setup", error);
}

void ZygoteKeeper::await_ready(int control) const {
  pollfd events[2] = {{control, POLLIN, 0}, {stop_event_.get(), POLLIN, 0}};
  const int count = ::poll(events, 2, static_cast<int>(options_.setup_timeout_ms));
  if (count == 0)
    throw core::Error(core::ErrorKind::transient,
                      fmt::format("the examiner was not ready after {} ms", options_.setup_timeout_ms));
  if (events[0].revents == 0) throw core::Error(core::ErrorKind::transient, "the sandbox was stopped while it started");
  std::vector<char> buffer(max_message_bytes);
  size_t size = 0;
  ZygoteReply reply{};
  const ReceiveStatus status = receive_message(control, buffer, size, nullptr, 0);
  if (status != ReceiveStatus::ok || size < sizeof(reply))
    throw core::Error(core::ErrorKind::permanent,
                      fmt::format("the examiner {} ended while it was being set up", options_.helper_path));
  std::memcpy(&reply, buffer.data(), sizeof(reply));
  if (reply.ready == 0)
    throw core::Error(core::ErrorKind::bad_input, std::string(buffer.data() + sizeof(reply), size - sizeof(reply)));
}

// The helper ends by itself when the connection is shut down, after its workers; killed, they follow it.
void ZygoteKeeper::reap(int control) {
  ::shutdown(control, SHUT_RDWR);
  const core::Fd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  pollfd event{handle.get(), POLLIN, 0};
  if (!handle || ::poll(&event, 1, end_grace_ms) <= 0) ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ZygoteKeeper::request_worker(std::span<const int, 4> descriptors) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return state_ != State::starting; });
    if (state_ == State::failed) throw core::Error(failure_);
    if (state_ == State::stopped) throw core::Error(core::ErrorKind::transient, "the sandbox was stopped");
    const std::shared_ptr<core::Fd> control = control_;
    const uint64_t generation = generation_;
    lock.unlock();
    const SpawnMessage order{};
    const iovec part = as_iovec(order);
    const int error = send_message(control->get(), {&part, 1}, descriptors, 0);
    if (error == 0) return;
    lock.lock();
    // It has just died; its keeper notices in a moment.
    changed_.wait(lock,
                  [&] { return generation_ != generation || state_ == State::failed || state_ == State::stopped; });
  }
}

void ZygoteKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::stopped;
    changed_.notify_all();
  }
  const uint64_t one = 1;
  if (stop_event_ && ::write(stop_event_.get(), &one, sizeof(one)) < 0) return;
  if (thread_.joinable()) thread_.join();
}

}  // namespace assay::sandbox
