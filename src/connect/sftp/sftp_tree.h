#pragma once

#include <memory>
#include <string>

#include "connect/connector_kind.h"
#include "connect/sftp/settings.h"
#include "connect/tree/remote_tree.h"

namespace assay::connect::sftp {

/// The files of an SFTP server. Paths that do not begin with "/" are below the user's own folder.
std::shared_ptr<RemoteTree> make_tree(Settings settings, ConnectorContext context);

}  // namespace assay::connect::sftp
