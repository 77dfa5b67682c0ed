#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::smb {

/// Shares of Windows and Samba servers, by SMB 2 and 3. Roots are "smb://HOST:PORT/SHARE/PATH".
const ConnectorKind& smb_kind();

}  // namespace assay::connect::smb
