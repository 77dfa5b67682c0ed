#include "connect/tcp.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/error.h"
#include "http/retry.h"

namespace assay::connect {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int look_every_ms = 100;
constexpr int keepalive_idle_s = 30, keepalive_interval_s = 10, keepalive_count = 3;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

[[noreturn]] void fail(const std::string& host, uint16_t port, std::string_view why) {
  throw core::Error(core::ErrorKind::transient, fmt::format("cannot connect to {} port {}: {}", host, port, why));
}

/// What a resolver that cannot be interrupted works on: it outlives whoever no longer waits for it.
struct Resolution {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_done = false;
  int error = 0;
  Addresses addresses;
};

Addresses resolve(const std::string& host, uint16_t port, Clock::time_point until,
                  const std::function<bool()>& is_to_end) {
  const auto resolution = std::make_shared<Resolution>();
  std::thread([resolution, host, service = std::to_string(port)] {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    if (!host.contains(':')) hints.ai_flags |= AI_ADDRCONFIG;  // which would refuse ::1 where there is no other IPv6
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &list);
    const std::lock_guard lock(resolution->mutex);
    if (error == 0) resolution->addresses.reset(list);
    resolution->error = error;
    resolution->is_done = true;
    resolution->changed.notify_all();
  }).detach();
  std::unique_lock lock(resolution->mutex);
  while (!resolution->is_done && Clock::now() < until) {
    if (is_to_end()) http::throw_stopped();
    resolution->changed.wait_for(lock, std::chrono::milliseconds(look_every_ms));
  }
  if (!resolution->is_done) fail(host, port, "its name was not resolved in time");
  if (resolution->error != 0) fail(host, port, ::gai_strerror(resolution->error));
  return std::move(resolution->addresses);
}

void set_options(int socket) {
  const auto set = [socket](int level, int name, int value) {
    ::setsockopt(socket, level, name, &value, sizeof value);
  };
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle_s);
  set(IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval_s);
  set(IPPROTO_TCP, TCP_KEEPCNT, keepalive_count);
}

/// 0, or the errno.
int wait_until_connected(int socket, Clock::time_point until, const std::function<bool()>& is_to_end) {
  for (;;) {
    if (is_to_end()) http::throw_stopped();
    if (Clock::now() >= until) return ETIMEDOUT;
    pollfd event{socket, POLLOUT, 0};
    if (::poll(&event, 1, look_every_ms) <= 0) continue;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 ? errno : error;
  }
}

}  // namespace

core::Fd connect_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds timeout,
                     const std::function<bool()>& is_to_end) {
  const Clock::time_point until = Clock::now() + timeout;
  const Addresses addresses = resolve(host, port, until, is_to_end);
  int error = ETIMEDOUT;
  for (const addrinfo* at = addresses.get(); at != nullptr; at = at->ai_next) {
    core::Fd socket(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol));
    if (!socket) {
      error = errno;
      continue;
    }
    error = ::connect(socket.get(), at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
    // An address that does not answer leaves the next ones their share of the time.
    const auto left = (until - Clock::now()) / (at->ai_next != nullptr ? 2 : 1);
    if (error == EINPROGRESS) error = wait_until_connected(socket.get(), Clock::now() + left, is_to_end);
    if (error != 0) continue;
    set_options(socket.get());
    return socket;
  }
  fail(host, port, std::generic_category().message(error));
}

}  // namespace assay::connect
