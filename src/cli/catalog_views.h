#pragma once

#include <string>
#include <vector>

#include "model/catalog.h"

namespace assay::cli {

/// One table, for a person: what it is, its columns with types, keys, what they hold and how good their values are.
std::string catalog_table_text(const model::CatalogTable& table, const std::string& source);

/// Runs of a source, one a line.
std::string discovery_runs_text(const std::vector<model::DiscoveryRun>& runs);

/// Changes, one a line: "+" appeared, "-" vanished, "~" changed.
std::string catalog_changes_text(const std::vector<model::CatalogChange>& changes);

/// "about 3,000", "3,000", "-".
std::string catalog_rows_text(const model::CatalogTable& table);

}  // namespace assay::cli
