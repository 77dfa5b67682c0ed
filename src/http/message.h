#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

/// A blocking HTTP/1.1 client for connectors: what asks a store or a vault for something.
namespace assay::http {

struct Header {
  std::string name, value;
};
using Headers = std::vector<Header>;

/// The first header of that name, whatever its case; nullopt when there is none.
std::optional<std::string> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string url;  ///< absolute; sent as it is, dots and escapes included
  Headers headers{};
  std::string body{};
  bool is_idempotent = true;  ///< false: it is not sent again once the server may have seen it
};

/// Makes a request for each attempt, so that what is signed with a time is signed anew.
using RequestMaker = std::function<Request()>;

struct Response {
  int status = 0;
  Headers headers{};
  std::string body{};

  bool is_success() const noexcept { return status >= 200 && status < 300; }
  std::optional<std::string> header(std::string_view name) const { return find_header(headers, name); }
};

/// What an answer with this status means for whoever asked: 401 and 403 denied, 404 and 410 not_found, 408, 429 and 5xx
/// transient, all others permanent.
core::ErrorKind kind_of_status(int status) noexcept;

/// An HTTP date (RFC 9110, 5.6.7), such as "Sun, 06 Nov 1994 08:49:37 GMT", in seconds since 1970; nullopt for what is
/// none.
std::optional<int64_t> parse_date(const std::string& text);

/// `bytes` with everything percent-encoded but A-Z a-z 0-9 - _ . ~ (RFC 3986, 2.3) and what `kept` holds.
std::string percent_encode(std::string_view bytes, std::string_view kept = {});
/// The opposite. What is no escape stays as it is.
std::string percent_decode(std::string_view text);

/// Scheme, host and path of a URL for messages: without user, query and fragment, which may hold secrets.
std::string describe_url(std::string_view url);

}  // namespace assay::http
