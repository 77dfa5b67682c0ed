#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::rest {

/// APIs that answer with pages of JSON, each described by a YAML file; "rest:FILE" names it.
const ConnectorKind& rest_kind();

}  // namespace assay::connect::rest
