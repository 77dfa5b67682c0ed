#include "tests/support/tcp_relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>

namespace assay::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::string received(const core::Fd& from) {
  std::array<char, 65'536> buffer{};
  const ssize_t size = ::recv(from.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<size_t>(size > 0 ? size : 0)};
}

bool send_all(const core::Fd& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

}  // namespace

TcpRelay::TcpRelay(int server_port)
    : server_port_(server_port),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (!listener_ || !stop_ || ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 16) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot make a relay");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpRelay::~TcpRelay() {
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void TcpRelay::watch_for(const std::string& word) {
  const std::lock_guard lock(mutex_);
  watched_ = word;
  has_seen_ = false;
}

void TcpRelay::cut_answers_after(const std::string& word, size_t bytes) {
  const std::lock_guard lock(mutex_);
  word_ = word;
  bytes_ = bytes;
}

void TcpRelay::replace_in_answers(const std::string& from, const std::string& to) {
  if (from.empty() || from.size() != to.size()) throw std::runtime_error("a replacement must be as long");
  const std::lock_guard lock(mutex_);
  replaced_ = from;
  replacement_ = to;
}

void TcpRelay::run() {
  for (;;) {
    std::vector<pollfd> events{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Line& line : lines_) {
      events.push_back({line.client.get(), POLLIN, 0});
      events.push_back({line.server.get(), POLLIN, 0});
    }
    if (::poll(events.data(), events.size(), -1) < 0) continue;
    if (events[0].revents != 0) return;
    for (size_t i = lines_.size(); i-- > 0;) {
      const bool goes_on = (events[2 + 2 * i].revents == 0 || pass_request(lines_[i])) &&
                           (events[3 + 2 * i].revents == 0 || pass_answer(lines_[i]));
      if (!goes_on) lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (events[1].revents != 0) accept_one();
  }
}

void TcpRelay::accept_one() {
  ++connections_;
  Line line{core::Fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)),
            core::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), false};
  const sockaddr_in address = loopback(server_port_);
  if (line.client && line.server &&
      ::connect(line.server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    lines_.push_back(std::move(line));
}

bool TcpRelay::pass_request(Line& line) {
  const std::string bytes = received(line.client);
  {
    const std::lock_guard lock(mutex_);
    if (!word_.empty() && bytes.contains(word_)) {
      line.is_to_be_cut = true;
      line.passes = bytes_;
      word_.clear();
    }
    if (!watched_.empty() && bytes.contains(watched_)) has_seen_ = true;
  }
  return !bytes.empty() && send_all(line.server, bytes);
}

bool TcpRelay::pass_answer(Line& line) {
  std::string bytes = received(line.server);
  {
    const std::lock_guard lock(mutex_);
    if (!replaced_.empty())
      for (size_t at = 0; (at = bytes.find(replaced_, at)) != std::string::npos; at += replaced_.size())
        bytes.replace(at, replaced_.size(), replacement_);
  }
  if (line.is_to_be_cut) {
    if (line.passes < bytes.size() || line.passes == 0) return false;
    line.passes -= bytes.size();
  }
  return !bytes.empty() && send_all(line.client, bytes);
}

}  // namespace assay::test
