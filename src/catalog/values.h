#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "model/catalog.h"

/// The catalog in the forms that programs read; docs/catalog.md lists their keys. Names and texts are printable UTF-8.
namespace assay::catalog {

/// A table; with its columns where it has them. `source`: the datasource's name.
boost::json::object to_json(const model::CatalogTable& table, const std::string& source);
boost::json::object to_json(const model::CatalogChange& change);
boost::json::object to_json(const model::DiscoveryRun& run);

/// One row a table, without columns.
std::vector<std::string> table_heads();
std::vector<std::string> table_cells(const model::CatalogTable& table, const std::string& source);

/// One row a column; of a table without columns one row without a column.
std::vector<std::string> column_heads();
std::vector<std::vector<std::string>> column_cells(const model::CatalogTable& table, const std::string& source);

}  // namespace assay::catalog
