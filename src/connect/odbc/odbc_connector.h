#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::odbc {

/// Databases behind any ODBC driver: "odbc://user@DSN/database" (docs/connectors/odbc.md).
const ConnectorKind& odbc_kind();

}  // namespace assay::connect::odbc
