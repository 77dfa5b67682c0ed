#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/fd.h"

namespace assay::test {

struct HttpQuestion {
  std::string method, target;                                ///< the target as it was sent: path and query
  std::vector<std::pair<std::string, std::string>> headers;  ///< as they were sent
  std::string body;
  std::string header(const std::string& name) const;  ///< "" when there is none
};

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers{};  ///< Content-Length is added
  std::string body{};
  std::optional<size_t> cut_after{};  ///< the connection ends after so many bytes of the body; 0: before the status
  bool hangs = false;                 ///< what there is is sent, and then nothing until the client goes
};

/// An HTTP/1.1 server on a loopback port whose answers a test decides. A thread a connection.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpQuestion&)>;
  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const noexcept { return port_; }
  std::string url() const;
  int connections() const noexcept { return connections_; }

 private:
  void accept_clients(const std::stop_token& stop);
  void serve(const core::Fd& client, const std::stop_token& stop);
  /// Whether the connection goes on.
  bool answer(const core::Fd& client, const HttpQuestion& question, const std::stop_token& stop);

  Handler handler_;
  core::Fd listener_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  core::Fd stopped_;
  std::list<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace assay::test
