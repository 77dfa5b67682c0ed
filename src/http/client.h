#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "http/message.h"
#include "http/retry.h"

namespace assay::http {

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds no_progress_timeout{60'000};  ///< not a byte came, while somebody waits for one
  std::chrono::milliseconds total_timeout{300'000};       ///< of one attempt of fetch(); open() has none
  uint64_t most_response_bytes = uint64_t{16} << 20;      ///< of an answer that fetch() keeps in memory
  std::string ca_file{};                                  ///< PEM; in place of the system's authorities when not empty
  std::string
      connect_to{};  ///< "HOST:PORT" to connect to, whatever URLs say; names and certificates stay those of URLs
  bool use_environment_proxy = false;  ///< http_proxy and its like
  int most_redirects = 0;              ///< where a server sends us is no place that the user named
  RetryPolicy retry{};
};

class Line;

/// The answer to a request, its body still to be read. Not thread-safe; its client outlives it. Thrown away before its
/// end, it ends the connection.
class Body {
 public:
  Body(class Client& client, std::unique_ptr<Line> line);
  ~Body();
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  int status() const noexcept;
  const Headers& headers() const noexcept;
  /// Fills a part of `out`, which is not empty; how many bytes, 0 at the end. Throws core::Error(transient) when the
  /// connection broke, nothing came for too long, or a stop was requested.
  size_t read(std::span<char> out);
  /// What is left, with status and headers. Throws core::Error(permanent) when it is more than `most_bytes`.
  Response take(uint64_t most_bytes);
  /// The same, cut after `most_bytes`: for what only explains an error.
  Response beginning(uint64_t most_bytes);

 private:
  friend class Client;

  Client& client_;
  std::unique_ptr<Line> line_;
};

/// Speaks HTTP and HTTPS, keeps connections for the next request, and tries again what is worth it. Certificates are
/// always verified. Thread-safe. Everything ends within a second after a stop was requested, with
/// core::Error(transient).
///
/// Throws core::Error: bad_input for what is no URL or header and for a CA file that cannot be read, permanent for a
/// certificate that is not trusted and for an answer that is too long, transient when the server cannot be reached or
/// does not speak HTTP. An answer with an error status is an answer, and no exception. Messages hold neither headers
/// nor queries.
class Client {
 public:
  explicit Client(ClientOptions options, std::stop_token stop = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The whole answer. What is worth a retry and got one in vain is returned, or thrown, as the last attempt had it.
  Response fetch(const RequestMaker& make);
  Response fetch(const Request& request) {
    return fetch([&] { return request; });
  }

  /// The answer's beginning; the same, but its body comes as it is read. A body that breaks is not asked for again.
  std::unique_ptr<Body> open(const RequestMaker& make);

  const ClientOptions& options() const noexcept { return options_; }
  const std::stop_token& stop() const noexcept { return stop_; }

 private:
  friend class Body;

  std::unique_ptr<Line> take_line();
  void give_back(std::unique_ptr<Line> line);
  std::unique_ptr<Body> attempt(const Request& request, bool is_whole);
  template <typename Result>
  Result with_retries(const RequestMaker& make, bool is_whole, const std::function<Result(std::unique_ptr<Body>)>& end);

  ClientOptions options_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line>> idle_;
};

}  // namespace assay::http
