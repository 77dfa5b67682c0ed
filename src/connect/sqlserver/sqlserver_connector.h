#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::sqlserver {

/// Databases of Microsoft SQL Server, through FreeTDS or Microsoft's driver: "sqlserver://user@host:port/database"
/// (docs/connectors/sqlserver.md).
const ConnectorKind& sqlserver_kind();

}  // namespace assay::connect::sqlserver
