#include "catalog/quality.h"

#include <algorithm>

namespace assay::catalog {

std::optional<profile::QualityScore> quality_of(const model::CatalogTable& table) {
  model::TableProfile examined;
  examined.locator.table = table.description.name;
  for (const model::CatalogColumn& column : table.columns)
    if (column.profile) examined.columns.push_back(*column.profile);
  return profile::score_of(examined, table.profiled_at / 1000);
}

std::optional<profile::QualityScore> quality_of(const model::CatalogColumn& column, const model::CatalogTable& table) {
  if (!column.profile) return std::nullopt;
  return profile::score_of(*column.profile, table.description.name, table.profiled_at / 1000);
}

std::optional<int64_t> newest_value_s(const model::CatalogTable& table) {
  std::optional<int64_t> newest;
  for (const model::CatalogColumn& column : table.columns)
    if (column.profile && column.profile->newest_s)
      newest = std::max(newest.value_or(*column.profile->newest_s), *column.profile->newest_s);
  return newest;
}

}  // namespace assay::catalog
