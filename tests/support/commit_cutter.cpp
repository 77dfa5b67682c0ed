#include "tests/support/commit_cutter.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay::tests {
namespace {

constexpr int look_ms = 50;  // how soon the end is noticed

// Query: 'Q', length 11, the text.
constexpr std::string_view commit(
    "Q\0\0\0\x0b"
    "COMMIT\0",
    12);
// CommandComplete of COMMIT (PostgreSQL 15, section 55.7): 'C', length 11, the tag.
constexpr std::string_view committed(
    "C\0\0\0\x0b"
    "COMMIT\0",
    12);

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

core::Fd connected_to(int port) {
  core::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

bool send_all(const core::Fd& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

}  // namespace

CommitCutter::CommitCutter(int server_port)
    : server_port_(server_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 128) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no loopback port to listen on");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_clients(stop); });
}

CommitCutter::~CommitCutter() {
  acceptor_.request_stop();
  acceptor_.join();
  const std::lock_guard lock(mutex_);
  connections_.clear();
}

void CommitCutter::accept_clients(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waiting{listener_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, look_ms) <= 0) continue;
    core::Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    core::Fd server = connected_to(server_port_);
    if (!client || !server) continue;
    const std::lock_guard lock(mutex_);
    connections_.emplace_back(
        [this, client = std::move(client), server = std::move(server)](const std::stop_token& over) {
          serve(client, server, over);
          ::shutdown(client.get(), SHUT_RDWR);  // the descriptors live as long as this object
          ::shutdown(server.get(), SHUT_RDWR);
        });
  }
}

void CommitCutter::serve(const core::Fd& client, const core::Fd& server, const std::stop_token& stop) {
  std::string tail;
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> ready{pollfd{client.get(), POLLIN, 0}, pollfd{server.get(), POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), look_ms) <= 0) continue;
    if (ready[0].revents != 0 && !pass_questions(client, server)) return;
    if (ready[1].revents != 0 && !pass_answers(server, client, tail)) return;
  }
}

bool CommitCutter::pass_questions(const core::Fd& client, const core::Fd& server) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::recv(client.get(), buffer.data(), buffer.size(), 0);
  if (n <= 0) return false;
  const std::string_view bytes(buffer.data(), static_cast<size_t>(n));
  if (!send_all(server, bytes)) return false;
  const int every = leave_every_;
  if (every == 0 || !bytes.ends_with(commit) || ++commits_ % every != 0) return true;
  ++lost_;
  return false;
}

bool CommitCutter::pass_answers(const core::Fd& server, const core::Fd& client, std::string& tail) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::recv(server.get(), buffer.data(), buffer.size(), 0);
  if (n <= 0) return false;
  const std::string_view bytes(buffer.data(), static_cast<size_t>(n));
  // The answer may come in two pieces.
  const std::string seen = tail + std::string(bytes);
  const bool has_committed = seen.contains(committed);
  tail = has_committed ? "" : seen.substr(seen.size() - std::min(seen.size(), committed.size() - 1));
  const int every = every_;
  if (every > 0 && has_committed && ++commits_ % every == 0) {
    ++lost_;
    return false;
  }
  return send_all(client, bytes);
}

}  // namespace assay::tests
