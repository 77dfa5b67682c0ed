#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::azure_blob {

/// Containers of Azure Blob Storage. Roots are "az://CONTAINER/PREFIX".
const ConnectorKind& azure_blob_kind();

}  // namespace assay::connect::azure_blob
