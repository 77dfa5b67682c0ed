#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::connect {

/// "scheme://user@host:port/database", each but the host to be left out.
struct ServerUrl {
  std::string scheme, user, host;
  uint16_t port = 0;     ///< 0: the engine's own
  std::string database;  ///< "": all of the server's

  /// Host, port and database: what is shown, and what names the database whoever logs in.
  std::string shown(std::string_view scheme_shown) const;
};

/// Throws core::Error(bad_input) for what is no such URL, and for parameters: those are settings.
ServerUrl server_url(std::string_view url);

}  // namespace assay::connect
