#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace assay::test {
namespace {

bool send_all(const core::Fd& to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(to.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

/// Waits until the client says something or goes, or the server ends; false in the last case.
bool wait_for(const core::Fd& client, const core::Fd& stopped) {
  std::array<pollfd, 2> events{pollfd{client.get(), POLLIN, 0}, pollfd{stopped.get(), POLLIN, 0}};
  while (::poll(events.data(), events.size(), -1) < 0 && errno == EINTR) {
  }
  return events[1].revents == 0;
}

/// Reads into `bytes` until it holds `size` of them.
bool read_until(const core::Fd& client, const core::Fd& stopped, std::string& bytes, size_t size) {
  std::array<char, 65'536> buffer{};
  while (bytes.size() < size) {
    if (!wait_for(client, stopped)) return false;
    const ssize_t n = ::recv(client.get(), buffer.data(), buffer.size(), 0);
    if (n <= 0) return false;
    bytes.append(buffer.data(), static_cast<size_t>(n));
  }
  return true;
}

HttpQuestion parse(std::string_view head) {
  HttpQuestion question;
  size_t end = head.find("\r\n");
  const std::string_view first = head.substr(0, end);
  const size_t space = first.find(' '), last = first.rfind(' ');
  question.method = first.substr(0, space);
  question.target = first.substr(space + 1, last - space - 1);
  while (end != std::string_view::npos && end + 2 < head.size()) {
    const size_t begin = end + 2;
    end = head.find("\r\n", begin);
    const std::string_view line = head.substr(begin, end - begin);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    question.headers.emplace_back(line.substr(0, colon), value);
  }
  return question;
}

}  // namespace

std::string HttpQuestion::header(const std::string& name) const {
  for (const auto& [key, value] : headers)
    if (::strcasecmp(key.c_str(), name.c_str()) == 0) return value;
  return {};
}

HttpServer::HttpServer(Handler handler)
    : handler_(std::move(handler)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stopped_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (!listener_ || !stopped_ || ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot make an HTTP server");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_clients(stop); });
}

HttpServer::~HttpServer() {
  ::eventfd_write(stopped_.get(), 1);
  acceptor_ = {};
  threads_.clear();
}

std::string HttpServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void HttpServer::accept_clients(const std::stop_token& stop) {
  while (wait_for(listener_, stopped_) && !stop.stop_requested()) {
    const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    threads_.emplace_back([this, client = core::Fd(socket)](const std::stop_token& token) { serve(client, token); });
  }
}

void HttpServer::serve(const core::Fd& client, const std::stop_token& stop) {
  std::string bytes;
  for (;;) {
    size_t end = 0;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
      if (!read_until(client, stopped_, bytes, bytes.size() + 1)) return;
    HttpQuestion question = parse(std::string_view(bytes).substr(0, end + 2));
    size_t length = 0;
    const std::string text = question.header("Content-Length");
    std::from_chars(text.data(), text.data() + text.size(), length);
    if (!read_until(client, stopped_, bytes, end + 4 + length)) return;
    question.body = bytes.substr(end + 4, length);
    bytes.erase(0, end + 4 + length);
    if (!answer(client, question, stop)) break;
  }
  ::shutdown(client.get(), SHUT_RDWR);
}

bool HttpServer::answer(const core::Fd& client, const HttpQuestion& question, const std::stop_token& stop) {
  const HttpAnswer answer = handler_(question);
  if (answer.cut_after == 0U) return false;
  std::string head = fmt::format("HTTP/1.1 {} Answer\r\n", answer.status);
  bool has_length = false;
  for (const auto& [name, value] : answer.headers) {
    head += fmt::format("{}: {}\r\n", name, value);
    has_length = has_length || ::strcasecmp(name.c_str(), "Content-Length") == 0;
  }
  if (!has_length) head += fmt::format("Content-Length: {}\r\n", answer.body.size());
  head += "\r\n";
  const std::string_view body = question.method == "HEAD" ? std::string_view() : std::string_view(answer.body);
  if (!send_all(client, head) || !send_all(client, body.substr(0, answer.cut_after.value_or(body.size()))))
    return false;
  if (answer.hangs) {
    std::array<char, 16> rest{};
    while (!stop.stop_requested() && wait_for(client, stopped_) &&
           ::recv(client.get(), rest.data(), rest.size(), 0) > 0) {
    }
    return false;
  }
  return !answer.cut_after;
}

}  // namespace assay::test
