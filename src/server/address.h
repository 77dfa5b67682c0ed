#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::server {

/// Where a listener listens.
struct Address {
  std::string host;   ///< an IP address, without brackets
  uint16_t port = 0;  ///< 0: any that is free
  bool operator==(const Address&) const = default;
};

/// Reads "127.0.0.1:9464", "[::1]:9464" or "localhost:9464"; "none" is nullopt. Names other than localhost are not
/// looked up. Throws core::Error(bad_input) for anything else.
std::optional<Address> parse_address(std::string_view text);

}  // namespace assay::server
