#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "connect/connector_kind.h"
#include "connect/rest/description.h"
#include "core/sensitive.h"
#include "http/client.h"

namespace assay::connect::rest {

/// Lets so many requests through as a description allows; waits for the others. Not thread-safe.
class Throttle {
 public:
  explicit Throttle(const RateLimit& limit) : limit_(limit), tokens_(limit.burst) {}
  /// How long the next request has to wait, which it then must.
  std::chrono::milliseconds take(std::chrono::steady_clock::time_point now);

 private:
  RateLimit limit_;
  double tokens_;
  std::chrono::steady_clock::time_point counted_{};
};

/// One API, asked with what it wants to know of us, no faster than it allows. Not thread-safe.
class Api {
 public:
  /// The description outlives it.
  Api(const Description& description, http::ClientOptions options, ConnectorContext context);

  /// The answer, whatever its status but those that are about the source. Redirections are followed within the origin.
  /// Throws core::Error: denied when the credentials are refused, transient when the server is gone or overloaded; and
  /// ReadFailure for an answer that is too long and for a redirection elsewhere.
  http::Response get(std::string url);

 private:
  using ResolveSecret = std::function<core::Sensitive<std::string>(std::string_view)>;

  http::Response get_once(const std::string& url);
  http::Request request(const std::string& url);
  http::Response whole(const std::string& url);
  const core::Sensitive<std::string>& secret();
  const core::Sensitive<std::string>& token();

  const Description& description_;
  ResolveSecret resolve_secret_;
  std::stop_token stop_;
  http::Client client_;
  Throttle throttle_;
  bool has_secret_ = false;
  core::Sensitive<std::string> secret_, token_;
  std::chrono::steady_clock::time_point token_ends_{};
};

}  // namespace assay::connect::rest
