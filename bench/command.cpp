#include "command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "core/error.h"

namespace assay::bench {
namespace {

namespace fs = std::filesystem;

constexpr int partly_read = 3;
constexpr auto look_every = std::chrono::milliseconds(10);

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Not by fork(), after which the memory of this process would for a moment count as the program's.
pid_t start(const std::vector<std::string>& arguments) {
  std::vector<std::string> variables = {"HOME=/nonexistent"};
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (!std::string_view(*variable).starts_with("HOME=")) variables.emplace_back(*variable);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, arguments[0].c_str(), &files, nullptr, pointers_to(arguments).data(),
                                   pointers_to(variables).data());
  ::posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw core::error_from_errno("cannot start " + arguments[0], error);
  return process;
}

double seconds_of(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The processor time that it took; nothing while it has not ended.
std::optional<double> reap(pid_t process, int flags, const std::vector<std::string>& arguments) {
  int status = 0;
  rusage usage{};
  if (::wait4(process, &status, flags, &usage) != process) return std::nullopt;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != 0 && code != partly_read)
    throw core::Error(core::ErrorKind::permanent, fmt::format("{} failed ({})", arguments[0], code));
  return seconds_of(usage);
}

uint64_t resident_bytes(const fs::path& process) {
  std::ifstream file(process / "smaps_rollup");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("Pss:")) continue;
    uint64_t kib = 0;
    const char* const digit = line.data() + std::min(line.find_first_of("0123456789"), line.size());
    std::from_chars(digit, line.data() + line.size(), kib);
    return kib << 10;
  }
  return 0;
}

uint64_t resident_bytes_of_family(pid_t process) {
  const std::string id = std::to_string(process);
  uint64_t bytes = resident_bytes(fs::path("/proc") / id);
  std::error_code gone;  // a process may end at any time
  fs::directory_iterator thread(fs::path("/proc") / id / "task", gone);
  for (; !gone && thread != fs::directory_iterator(); thread.increment(gone)) {
    std::ifstream children(thread->path() / "children");
    for (pid_t child = 0; children >> child;) bytes += resident_bytes_of_family(child);
  }
  return bytes;
}

}  // namespace

double run_program(const std::vector<std::string>& arguments) {
  return reap(start(arguments), 0, arguments).value_or(0);
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return seconds_of(usage);
}

uint64_t peak_memory_of(const std::vector<std::string>& arguments) {
  const pid_t process = start(arguments);
  uint64_t peak = 0;
  while (!reap(process, WNOHANG, arguments)) {
    peak = std::max(peak, resident_bytes_of_family(process));
    std::this_thread::sleep_for(look_every);
  }
  return peak;
}

std::string assay_program() { return fs::read_symlink("/proc/self/exe").parent_path() / "assay"; }

}  // namespace assay::bench
