#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connect/connector_kind.h"

namespace assay::connect::sftp {

/// How an SSH server is reached. References stand for secrets.
struct Settings {
  std::string host, user;
  uint16_t port = 22;
  std::string password, private_key, passphrase;  ///< references; "" none
  bool uses_agent = false;
  std::string known_hosts;             ///< a file; "" that of the user and that of the system
  std::vector<std::string> host_keys;  ///< "SHA256:..." each; when there are any, known_hosts is not asked
};

/// Throws core::Error(bad_input), naming the setting.
Settings read_settings(const SourceAddress& address);

}  // namespace assay::connect::sftp
