#include "tests/support/rude_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>

namespace assay::test {

RudeServer::RudeServer(std::string words)
    : words_(std::move(words)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (!listener_ || !stop_ || ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 16) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot make a rude server");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

RudeServer::~RudeServer() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void RudeServer::run() const {
  for (;;) {
    std::array<pollfd, 2> events{pollfd{stop_.get(), POLLIN, 0}, pollfd{listener_.get(), POLLIN, 0}};
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[0].revents != 0) return;
    const core::Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) continue;
    ::send(client.get(), words_.data(), words_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(client.get(), SHUT_WR);
    // What the client said is taken, so that what was said to it is not thrown away with the connection.
    std::array<char, 4096> unread{};
    pollfd said{client.get(), POLLIN, 0};
    while (::poll(&said, 1, 1000) > 0 && ::recv(client.get(), unread.data(), unread.size(), 0) > 0) {
    }
  }
}

}  // namespace assay::test
