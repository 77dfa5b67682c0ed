#include "extract/sandbox/worker_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <system_error>

#include "core/error.h"
#include "core/printable.h"

namespace assay::sandbox {
namespace {

constexpr int fork_timeout_ms = 30'000;
constexpr size_t max_shown_bytes = 4096;

core::Fd make_page(SharedPage*& page) {
  core::Fd file(::memfd_create("assay-worker", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  // Sealed: a worker that cut the page short would kill the parent at its next look.
  if (!file || ::ftruncate(file.get(), shared_page_bytes) != 0 ||
      ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    throw core::error_from_errno("cannot make a page to share with a worker", errno);
  void* mapped = ::mmap(nullptr, shared_page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (mapped == MAP_FAILED) throw core::error_from_errno("cannot map a page to share with a worker", errno);
  page = static_cast<SharedPage*>(mapped);
  return file;
}

}  // namespace

core::Fd make_scratch(const std::string& wanted_directory) {
  const char* variable = std::getenv("TMPDIR");
  const std::string tmpdir = variable == nullptr ? "" : variable;
  const std::string directory = !wanted_directory.empty() ? wanted_directory : tmpdir.empty() ? "/var/tmp" : tmpdir;
  core::Fd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  std::string name = directory + "/assay-scratch-XXXXXX";  // file systems without O_TMPFILE
  file = core::Fd(::mkostemp(name.data(), O_CLOEXEC));
  const int error = errno;
  if (!file)
    throw core::Error(
        core::ErrorKind::transient,  // elsewhere, or later, there may be such a directory
        fmt::format("cannot make a temporary file in {}{}: {}; set TMPDIR to a directory that can be "
                    "written",
                    core::printable(directory, max_shown_bytes), directory == tmpdir ? ", which TMPDIR names" : "",
                    std::generic_category().message(error)));
  ::unlink(name.c_str());
  return file;
}

WorkerProcess::WorkerProcess(ZygoteKeeper& keeper, const std::string& scratch_directory) {
  SocketPair channel = make_socket_pair();
  SocketPair report = make_socket_pair();
  const core::Fd scratch = make_scratch(scratch_directory);
  const core::Fd page_file = make_page(page_);
  const int descriptors[4] = {channel.theirs.get(), page_file.get(), scratch.get(), report.theirs.get()};
  try {
    keeper.request_worker(descriptors);
  } catch (...) {
    ::munmap(page_, shared_page_bytes);
    throw;
  }
  report.theirs.reset();
  channel.theirs.reset();
  channel_ = std::move(channel.ours);
  report_ = std::move(report.ours);
  std::vector<core::Fd> received;
  Spawned spawned{};
  if (receive_report(spawned, fork_timeout_ms, &received) != ReceiveStatus::ok) return;
  if (spawned.pid < 0)
    throw core::error_from_errno("the examiner cannot fork a worker", static_cast<int>(-spawned.pid));
  if (received.empty()) return;
  handle_ = std::move(received.front());
  pid_ = static_cast<pid_t>(spawned.pid);
}

WorkerProcess::~WorkerProcess() {
  kill();
  ::munmap(page_, shared_page_bytes);
}

void WorkerProcess::kill() noexcept {
  if (handle_) ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0);
}

std::optional<uint64_t> WorkerProcess::cpu_ns() const noexcept {
  clockid_t clock{};
  timespec time{};
  if (pid_ <= 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return std::nullopt;
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

template <typename T>
ReceiveStatus WorkerProcess::receive_report(T& message, int timeout_ms, std::vector<core::Fd>* descriptors) {
  pollfd event{report_.get(), POLLIN, 0};
  int ready = -1;
  do {
    ready = ::poll(&event, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return ReceiveStatus::would_block;
  size_t size = 0;
  const std::span<char> target(reinterpret_cast<char*>(&message), sizeof(message));
  const ReceiveStatus status = receive_message(report_.get(), target, size, descriptors, MSG_DONTWAIT);
  return status == ReceiveStatus::ok && size != sizeof(message) ? ReceiveStatus::malformed : status;
}

WorkerProcess::Fate WorkerProcess::wait_exit(int timeout_ms) {
  switch (receive_report(exited_, timeout_ms, nullptr)) {
    case ReceiveStatus::ok: return Fate::ended;
    case ReceiveStatus::would_block: return Fate::running;
    default: return Fate::unknown;
  }
}

}  // namespace assay::sandbox
