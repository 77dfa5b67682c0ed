#include "tests/support/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/fd.h"

namespace assay::tests {
namespace {

using core::Fd;
using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    read = Fd(ends[0]);
    write = Fd(ends[1]);
  }
  Fd read, write;
};

std::chrono::milliseconds since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

/// The running program and the pipes to it.
class Running {
 public:
  Running(std::vector<std::string> arguments, const ProgramOptions& options) : options_(options), begin_(Clock::now()) {
    auto environment = program_environment(options.environment);
    const auto argv = pointers(arguments);
    const auto envp = pointers(environment);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) become(argv.data(), envp.data());
    in_.read.reset();
    out_.write.reset();
    err_.write.reset();
    ::fcntl(in_.write.get(), F_SETFL, O_NONBLOCK);
    if (options_.input.empty() && !options_.keep_input_open) in_.write.reset();
  }

  ProgramResult finish() {
    while (out_.read || err_.read) {
      if (since(begin_) > options_.time_limit) return give_up();
      signal_if_due();
      move_bytes();
    }
    int status = 0;
    while (::waitpid(pid_, &status, WNOHANG) == 0) {
      if (since(begin_) > options_.time_limit) return give_up();
      signal_if_due();
      ::usleep(2000);
    }
    result_.elapsed = since(begin_);
    if (signalled_) result_.elapsed_since_signal = since(signal_time_);
    result_.strays = count_strays();
    ::kill(-pid_, SIGKILL);
    result_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result_;
  }

 private:
  [[noreturn]] void become(char* const* argv, char* const* envp) {
    ::setpgid(0, 0);
    std::signal(SIGPIPE, SIG_DFL);
    ::dup2(in_.read.get(), 0);
    const int output = options_.output_to.empty()
                           ? out_.write.get()
                           : ::open(options_.output_to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(output, 1);
    ::dup2(err_.write.get(), 2);
    if (options_.user != 0 && ::getuid() == 0) {
      if (::setgroups(0, nullptr) != 0 || ::setgid(options_.user) != 0 || ::setuid(options_.user) != 0) ::_exit(126);
    }
    ::execve(argv[0], argv, envp);
    ::_exit(127);
  }

  void move_bytes() {
    const int input = given_ < options_.input.size() ? in_.write.get() : -1;
    std::array<pollfd, 3> polled{{{out_.read.get(), POLLIN, 0}, {err_.read.get(), POLLIN, 0}, {input, POLLOUT, 0}}};
    ::poll(polled.data(), polled.size(), 10);
    take(polled[0], out_.read, result_.out);
    take(polled[1], err_.read, result_.err);
    if (polled[2].revents != 0) give();
  }

  static void take(const pollfd& polled, Fd& from, std::string& to) {
    if (polled.revents == 0) return;
    std::array<char, 65536> buffer;
    const ssize_t n = ::read(from.get(), buffer.data(), buffer.size());
    if (n <= 0) from.reset();
    else to.append(buffer.data(), static_cast<size_t>(n));
  }

  void give() {
    const ssize_t n = ::write(in_.write.get(), options_.input.data() + given_, options_.input.size() - given_);
    if (n < 0 && errno == EAGAIN) return;
    if (n > 0) given_ += static_cast<size_t>(n);
    if (n <= 0 || (given_ == options_.input.size() && !options_.keep_input_open)) in_.write.reset();
  }

  void signal_if_due() {
    if (options_.signal == 0 || signalled_) return;
    if (descendants_named("assay-examiner").size() < options_.signal_examiners) return;
    ::kill(options_.signal_group ? -pid_ : pid_, options_.signal);
    signalled_ = true;
    signal_time_ = Clock::now();
  }

  // Orphans come to this process, which made itself their reaper.
  static size_t count_strays() {
    size_t living = 0;
    for (int i = 0; i < 50; ++i) {
      while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
      living = descendants_named("assay-examiner").size();
      if (living == 0) break;
      ::usleep(10'000);
    }
    return living;
  }

  ProgramResult give_up() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    result_.elapsed = since(begin_);
    result_.err += "\n(the test ended it at its time limit)";
    return result_;
  }

  const ProgramOptions& options_;
  Clock::time_point begin_, signal_time_;
  pid_t pid_ = -1;
  Pipe in_, out_, err_;
  size_t given_ = 0;
  bool signalled_ = false;
  ProgramResult result_;
};

pid_t parent_of(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(stat, line);
  const size_t end = line.rfind(')');  // the name may hold anything
  return end == std::string::npos ? 0 : std::atoi(line.c_str() + end + 4);
}

bool descends_from_here(pid_t pid) {
  for (int steps = 0; pid > 1 && steps < 20; ++steps) {
    pid = parent_of(pid);
    if (pid == ::getpid()) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> program_environment(const std::map<std::string, std::string>& environment) {
  std::map<std::string, std::string> all{{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
  // What sanitizer runs set, and nothing else of this process.
  for (const char* name : {"ASSAY_EXAMINER", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS",
                           "ASAN_SYMBOLIZER_PATH", "TSAN_SYMBOLIZER_PATH"})
    if (const char* value = std::getenv(name); value != nullptr) all[name] = value;
  for (const auto& [name, value] : environment) all[name] = value;
  std::vector<std::string> lines;
  for (const auto& [name, value] : all)
    if (!value.empty()) lines.push_back(name + "=" + value);
  return lines;
}

ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return Running(arguments, options).finish();
}

std::string assay_program() { return ASSAY_BUILD_DIR "/assay"; }

ProgramResult run_assay(std::vector<std::string> arguments, ProgramOptions options) {
  arguments.insert(arguments.begin(), assay_program());
  options.environment.try_emplace("ASSAY_FINGERPRINT_KEY", std::string(64, 'a'));
  return run_program(arguments, options);
}

std::vector<pid_t> descendants_named(const std::string& name) {
  std::vector<pid_t> pids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    std::string comm;
    std::getline(std::ifstream(entry.path() / "comm"), comm);
    if (comm.substr(0, 15) == name.substr(0, 15) && descends_from_here(pid)) pids.push_back(pid);
  }
  return pids;
}

}  // namespace assay::tests
