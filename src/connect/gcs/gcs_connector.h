#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::gcs {

/// Buckets of Google Cloud Storage. Roots are "gs://BUCKET/PREFIX".
const ConnectorKind& gcs_kind();

}  // namespace assay::connect::gcs
