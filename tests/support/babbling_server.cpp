#include "tests/support/babbling_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <stdexcept>
#include <vector>

namespace assay::test {

BabblingServer::BabblingServer(std::string words, Then then)
    : words_(std::move(words)),
      then_(then),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_.get(), 16) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free loopback port");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

BabblingServer::~BabblingServer() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void BabblingServer::run() {
  for (;;) {
    std::vector<pollfd> events{{listener_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[1].revents != 0) return;
    core::Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    ::send(client.get(), words_.data(), words_.size(), MSG_NOSIGNAL);
    ++count_;
    if (then_ == Then::keeps_silent) clients_.push_back(std::move(client));
  }
}

}  // namespace assay::test
