#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::connect {

/// "SCHEME://USER@HOST:PORT/PATH" taken apart. Nothing in it is an escape.
struct ShareUrl {
  std::string user;   ///< "" when there is none
  std::string host;   ///< without the brackets of an IPv6 address
  uint16_t port = 0;  ///< 0 when there is none
  std::string path;   ///< begins with "/", or is ""; without slashes at its end
};
/// Throws core::Error(bad_input) for what is no such URL.
ShareUrl parse_share_url(const std::string& url, std::string_view scheme);

}  // namespace assay::connect
