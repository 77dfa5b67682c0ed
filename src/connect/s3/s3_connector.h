#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::s3 {

/// Amazon S3 and whatever speaks its protocol. Roots are "s3://BUCKET/PREFIX".
const ConnectorKind& s3_kind();

}  // namespace assay::connect::s3
