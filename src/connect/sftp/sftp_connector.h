#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::sftp {

/// Folders of SSH servers, by SFTP. Roots are "sftp://USER@HOST:PORT/PATH"; "/~" at the path's beginning is the user's
/// own folder.
const ConnectorKind& sftp_kind();

}  // namespace assay::connect::sftp
