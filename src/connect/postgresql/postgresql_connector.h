#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::postgresql {

/// Databases of PostgreSQL servers: "postgresql://user@host:port/database?parameters" (docs/connectors/postgresql.md).
const ConnectorKind& postgresql_kind();

}  // namespace assay::connect::postgresql
