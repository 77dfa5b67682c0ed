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

BackgroundServer::BackgroundServer(const Command& command, const std::vector<std::string>& environment) {
  std::string name = (fs::temp_directory_path() / "assay-server-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  for (int attempt = 1; attempt <= start_attempts; ++attempt) {
    port_ = free_loopback_port();  // somebody else may be quicker
    launch(command(port_, folder_), environment);
    if (wait_until_ready()) return;
    kill();
  }
  const std::string said = log();
  fs::remove_all(folder_);
  throw std::runtime_error("a server did not start; its log:\n" + said.substr(0, 4000));
}

BackgroundServer::~BackgroundServer() {
  kill();
  std::error_code error;
  fs::remove_all(folder_, error);
  if (error) std::fprintf(stderr, "a server's folder is left behind: %s\n", error.message().c_str());
}

void BackgroundServer::launch(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = environment;
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

void BackgroundServer::kill() {
  if (process_ <= 0) return;
  ::kill(-process_, SIGKILL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
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
