#pragma once

#include "connect/connector_kind.h"

namespace assay::connect::mysql {

/// Databases of MariaDB and MySQL servers: "mysql://user@host:port/database" (docs/connectors/mysql.md).
const ConnectorKind& mysql_kind();

}  // namespace assay::connect::mysql
