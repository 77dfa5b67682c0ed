#pragma once

#include <memory>
#include <stop_token>

#include "connect/smb/wire.h"
#include "connect/tree/remote_tree.h"
#include "core/sensitive.h"

namespace assay::connect::smb {

/// How a server is reached, and what gives the password when it is needed.
struct Settings {
  Setup setup;  ///< without the password
  std::function<core::Sensitive<std::string>()> password;
};

/// The shares of an SMB server. Paths are "/SHARE/...".
std::shared_ptr<RemoteTree> make_tree(Settings settings, std::stop_token stop);

}  // namespace assay::connect::smb
