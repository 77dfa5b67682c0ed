#include "connect/smb/helper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "core/error.h"
#include "http/retry.h"

namespace assay::connect::smb {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_every_ms = 100;
constexpr auto no_progress_timeout = std::chrono::seconds(60);
constexpr int buffer_bytes = 4 << 20;

/// What the helper's libraries may know of this process's environment: where tickets and Kerberos' configuration are.
std::vector<std::string> helper_environment() {
  std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8"};
  for (const char* name : {"KRB5CCNAME", "KRB5_CONFIG", "KRB5_TRACE", "ASAN_OPTIONS", "LSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) variables.push_back(fmt::format("{}={}", name, value));
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  list.reserve(strings.size() + 1);
  for (std::string& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

std::string find_helper() {
  namespace fs = std::filesystem;
  if (const char* path = std::getenv("ASSAY_SMB"); path != nullptr && *path != '\0') return path;
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  std::vector<std::string> tried;
  for (const auto& path : {here / "assay-smb", here.parent_path() / "libexec" / "assay" / "assay-smb"}) {
    if (fs::exists(path, error)) return path.string();
    tried.push_back(path.string());
  }
  throw core::Error(core::ErrorKind::not_found,
                    fmt::format("the helper program assay-smb was not found; looked at {}. Reinstall Assay, or set "
                                "ASSAY_SMB to its path.",
                                fmt::join(tried, " and ")));
}

Helper::Helper(std::stop_token stop) : stop_(std::move(stop)) {
  std::vector<std::string> arguments = {find_helper()}, environment = helper_environment();
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw core::error_from_errno("cannot make a line to the helper for SMB", errno);
  line_ = core::Fd(ends[0]);
  const core::Fd theirs(ends[1]);
  for (const int end : ends) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
  FileActions actions;
  ::posix_spawn_file_actions_adddup2(actions.get(), theirs.get(), 0);
  ::posix_spawn_file_actions_addopen(actions.get(), 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), 1, 2);
  ::posix_spawn_file_actions_addclosefrom_np(actions.get(), 3);
  const int error = ::posix_spawn(&process_, arguments[0].c_str(), actions.get(), nullptr, pointers(arguments).data(),
                                  pointers(environment).data());
  if (error != 0) throw core::error_from_errno("cannot start " + arguments[0], error);
}

Helper::~Helper() {
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Helper::wait_for(short events) const {
  const Clock::time_point since = Clock::now();
  for (;;) {
    if (stop_.stop_requested()) http::throw_stopped();
    pollfd event{line_.get(), events, 0};
    if (::poll(&event, 1, look_every_ms) > 0) return;
    if (Clock::now() - since > no_progress_timeout)
      throw core::Error(core::ErrorKind::transient, "the server did not answer for a minute");
  }
}

void Helper::ask(MessageType type, std::string_view body) {
  std::string message = message_head(type, body.size());
  message += body;
  for (size_t at = 0; at < message.size();) {
    wait_for(POLLOUT);
    const ssize_t n = ::send(line_.get(), message.data() + at, message.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
      throw core::Error(core::ErrorKind::transient, "the helper for SMB ended");
    if (n > 0) at += static_cast<size_t>(n);
  }
  ::explicit_bzero(message.data(), message.size());  // it may hold a password
}

void Helper::receive_all(char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = ::recv(line_.get(), bytes, size, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
      throw core::Error(core::ErrorKind::transient, "the helper for SMB ended");
    if (n < 0) {
      wait_for(POLLIN);
      continue;
    }
    bytes += n;
    size -= static_cast<size_t>(n);
  }
}

void Helper::receive(Message& message) {
  if (stop_.stop_requested()) http::throw_stopped();
  char head[head_bytes];
  receive_all(head, sizeof head);
  Decoder decoder({head, sizeof head});
  const uint32_t size = decoder.u32();
  if (size > most_message_bytes)
    throw core::Error(core::ErrorKind::permanent, "the helper for SMB sent a message that is too long");
  message.type = static_cast<MessageType>(decoder.u8());
  message.body.resize(size);
  receive_all(message.body.data(), size);
}

}  // namespace assay::connect::smb
