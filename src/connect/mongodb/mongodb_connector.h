#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::mongodb {

/// Collections of MongoDB, and of what speaks its protocol.
const ConnectorKind& mongodb_kind();

}  // namespace assay::connect::mongodb
