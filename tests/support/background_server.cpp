#include "tests/support/background_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace assay::test {
namespace {

namespace fs = std::filesystem;

constexpr auto start_timeout = std::chrono::seconds(120);  // of a machine with much else to do
constexpr int start_attempts = 5;
constexpr int poll_ms = 10;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> list;
  for (auto& string : strings) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

std::vector<core::Fd> descendants_of(pid_t process) {
  std::vector<core::Fd> descendants;
  std::vector<pid_t> parents{process};
  while (!parents.empty()) {
    const pid_t parent = parents.back();
    parents.pop_back();
    std::ifstream file("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
    for (pid_t child = 0; file >> child;) {
      core::Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
      if (!fd) continue;
      descendants.push_back(std::move(fd));
      parents.push_back(child);
    }
  }
  return descendants;
}

}  // namespace

int free_loopback_port() {
  const core::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (!socket || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free loopback port");
  return ntohs(address.sin_port);
}

BackgroundServer::BackgroundServer(const Command& command, const std::vector<std::string>& environment)
    : command_(command), environment_(environment) {
  std::string name = (fs::temp_directory_path() / "assay-server-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  for (int attempt = 1; attempt <= start_attempts; ++attempt) {
    port_ = free_loopback_port();  // somebody else may be quicker
    launch();
    if (wait_until_ready()) return;
    stop();
  }
  const std::string said = log();
  fs::remove_all(folder_);
  throw std::runtime_error("a server did not start; its log:\n" + said.substr(0, 4000));
}

BackgroundServer::~BackgroundServer() {
  stop();
  std::error_code error;
  fs::remove_all(folder_, error);
  if (error) std::fprintf(stderr, "a server's folder is left behind: %s\n", error.message().c_str());
}

void BackgroundServer::launch() {
  std::vector<std::string> arguments = command_(port_, folder_);
  std::vector<std::string> variables = environment_;
  variables.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
  variables.emplace_back("LC_ALL=C");
  variables.emplace_back("HOME=" + folder_.string());
  const auto argv = pointers(arguments);
  const auto envp = pointers(variables);
  const std::string log_path = (folder_ / "log").string();
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("cannot fork");
  if (process_ == 0) {
    const int output = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(output, 1);
    ::dup2(output, 2);
    ::close_range(3, ~0U, 0);
    ::setsid();  // Ctrl-C is for the tests
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent || ::chdir(folder_.c_str()) != 0) ::_exit(126);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  pidfd_ = core::Fd(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
}

bool BackgroundServer::wait_until_ready() {
  const auto until = std::chrono::steady_clock::now() + start_timeout;
  const sockaddr_in address = loopback(port_);
  while (std::chrono::steady_clock::now() < until) {
    const core::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
    pollfd ended{pidfd_.get(), POLLIN, 0};
    if (::poll(&ended, 1, poll_ms) > 0) return false;
  }
  return false;
}

// Some children make a group of their own.
void BackgroundServer::stop() {
  if (process_ <= 0) return;
  ::kill(process_, SIGSTOP);  // so that it has no child that is not seen
  std::vector<core::Fd> descendants = descendants_of(process_);
  for (const core::Fd& one : descendants) ::syscall(SYS_pidfd_send_signal, one.get(), SIGKILL, nullptr, 0);
  ::kill(-process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  for (const core::Fd& one : descendants) {
    pollfd ended{one.get(), POLLIN, 0};
    while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
    }
  }
  process_ = 0;
}

void BackgroundServer::start() {
  launch();
  if (!wait_until_ready()) throw std::runtime_error("a server did not start again; its log:\n" + log().substr(0, 4000));
}

void BackgroundServer::freeze() {
  for (const core::Fd& one : descendants_of(process_)) ::syscall(SYS_pidfd_send_signal, one.get(), SIGSTOP, nullptr, 0);
  ::kill(process_, SIGSTOP);
}

std::string BackgroundServer::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

std::string installed_server(const std::string& name) {
  const fs::path path = fs::path(ASSAY_SOURCE_DIR) / "build/servers" / name;
  if (!fs::exists(path))
    throw std::runtime_error("this test needs " + path.string() + ": run `make test`, or scripts/test_servers.sh");
  return path.string();
}

}  // namespace assay::test
