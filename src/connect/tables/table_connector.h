#pragma once

#include <memory>

#include "connect/connector_kind.h"
#include "connect/tables/reading_options.h"
#include "connect/tables/table_database.h"

namespace assay::connect {

/// The connector that all SQL databases have in common: tables are objects named "SCHEMA/TABLE", chosen by globs, of
/// which the settings choose rows and columns.
std::unique_ptr<Connector> make_table_connector(const SourceAddress& address, ConnectorContext context,
                                                ReadingOptions options, std::unique_ptr<TableDatabase> database);

}  // namespace assay::connect
