#include "tests/support/service.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/support/program.h"

namespace assay::tests {
namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

[[noreturn]] void become(char* const* argv, char* const* envp, int output, uint64_t most_file_bytes, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  std::signal(SIGPIPE, SIG_DFL);
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::close_range(3, ~0U, 0);
  if (most_file_bytes != 0) {
    // What does not fit is then an error of that write, as on a disk that is full.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{most_file_bytes, most_file_bytes};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(126);
  }
  ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

Service::Service(const Options& options) : log_path_(options.log_path) {
  auto arguments = options.arguments;
  auto environment = program_environment(options.environment);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const core::Fd output(::open(log_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!output) throw std::runtime_error("cannot open " + log_path_);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) become(argv.data(), envp.data(), output.get(), options.most_file_bytes, parent);
  ::setpgid(pid_, pid_);
  process_ = core::Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!process_) throw std::runtime_error("pidfd_open");
}

Service::~Service() {
  kill();
  ::kill(-pid_, SIGKILL);  // whatever it left behind
}

bool Service::wait_until_gone(std::chrono::milliseconds limit) {
  if (exit_code_) return true;
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd ended{process_.get(), POLLIN, 0};
    const int ready = ::poll(&ended, 1, left < 0 ? 0 : static_cast<int>(left));
    if (ready > 0) break;
    if (ready == 0) return false;
    if (errno != EINTR) throw std::runtime_error("poll");
  }
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

bool Service::is_running() { return !wait_until_gone(std::chrono::milliseconds(0)); }

bool Service::is_stopped() const {
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(file, line);
  const size_t end = line.rfind(')');  // the name may hold anything
  return end != std::string::npos && end + 2 < line.size() && line[end + 2] == 'T';
}

void Service::signal(int number) const {
  if (!exit_code_) ::syscall(SYS_pidfd_send_signal, process_.get(), number, nullptr, 0);
}

void Service::kill() {
  signal(SIGKILL);
  wait_until_gone(std::chrono::seconds(60));
}

std::optional<int> Service::wait(std::chrono::milliseconds limit) {
  wait_until_gone(limit);
  return exit_code_;
}

std::string Service::log() const {
  std::ifstream in(log_path_, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace assay::tests
