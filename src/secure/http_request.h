#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/sensitive.h"

namespace assay::secure {

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< http or https
  std::vector<std::pair<std::string, core::Sensitive<std::string>>> headers;
  core::Sensitive<std::string> body;
  std::string ca_file;  ///< PEM; "": those of the system
  int64_t timeout_ms = 10'000;
};
struct HttpAnswer {
  int status = 0;
  core::Sensitive<std::string> body;
  std::string location;  ///< of a redirection, which is not followed: the headers may be secrets
};

/// One request, with the certificate checked, TLS 1.2 at least. The body of the answer is at most 256 KiB. Thread-safe.
/// Throws core::Error whose message says what is wrong with `who`, and holds neither headers nor bodies: transient when
/// it does not answer, permanent when its certificate is not trusted, bad_input for a CA file that cannot be read.
HttpAnswer send_request(const HttpRequest& request, const std::string& who);

}  // namespace assay::secure
