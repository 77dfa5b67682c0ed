#include "catalog/quality.h"

#include <algorithm>

namespace assay::catalog {
namespace {

double share(uint64_t part, uint64_t of) {
  return of == 0 ? 0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(of));
}

}  // namespace

std::optional<ColumnQuality> quality_of(const model::ColumnProfile& profile) {
  if (profile.rows == 0) return std::nullopt;
  const uint64_t without = std::min(profile.rows, profile.nulls + profile.empty + profile.null_tokens);
  const uint64_t values = profile.rows - without;
  ColumnQuality quality;
  quality.filled = share(values, profile.rows);
  quality.conforming = share(profile.conforming, values);
  if (!profile.entity.empty()) quality.valid = share(profile.valid, values);
  quality.score = quality.filled * std::min(quality.conforming, quality.valid.value_or(1));
  return quality;
}

std::optional<double> quality_of(const model::CatalogTable& table) {
  double sum = 0;
  size_t columns = 0;
  for (const model::CatalogColumn& column : table.columns) {
    if (!column.profile) continue;
    const auto quality = quality_of(*column.profile);
    if (!quality) continue;
    sum += quality->score;
    ++columns;
  }
  if (columns == 0) return std::nullopt;
  return sum / static_cast<double>(columns);
}

std::optional<int64_t> newest_value_s(const model::CatalogTable& table) {
  std::optional<int64_t> newest;
  for (const model::CatalogColumn& column : table.columns)
    if (column.profile && column.profile->newest_s)
      newest = std::max(newest.value_or(*column.profile->newest_s), *column.profile->newest_s);
  return newest;
}

}  // namespace assay::catalog
