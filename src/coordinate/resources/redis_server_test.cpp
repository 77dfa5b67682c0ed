#include "coordinate/resources/redis_server_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>

#include "coordinate/resources/resources.h"
#include "core/error.h"
#include "core/fd.h"

extern char** environ;

namespace assay::coordinate::testing {
namespace {

int free_port() {
  const core::Fd socket_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(socket_fd.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw core::error_from_errno("cannot find a free port", errno);
  }
  return ntohs(address.sin_port);
}

}  // namespace

RedisServer::RedisServer() : port_(free_port()) {
  std::string port = std::to_string(port_);
  std::array<const char*, 12> arguments = {"redis-server", "--port", port.c_str(), "--bind",  "127.0.0.1", "--save", "",
                                           "--appendonly", "no",     "--loglevel", "warning", nullptr};
  if (posix_spawnp(&pid_, "redis-server", nullptr, nullptr, const_cast<char**>(arguments.data()), environ) != 0) {
    throw core::Error(core::ErrorKind::not_found, "cannot start redis-server");
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto resources = redis_resources({.url = url()});
  while (true) {
    try {
      resources->in_use("ready");
      return;
    } catch (const core::Error&) {
      if (std::chrono::steady_clock::now() > until) throw;
      std::this_thread::yield();
    }
  }
}

RedisServer::~RedisServer() { kill(); }

void RedisServer::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace assay::coordinate::testing
