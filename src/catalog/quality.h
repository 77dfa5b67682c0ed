#pragma once

#include <cstdint>
#include <optional>

#include "model/catalog.h"
#include "profile/quality_score.h"

namespace assay::catalog {

/// How good a table's values are, and a column's, as of the time when they were examined. Nothing without a profile of
/// rows.
std::optional<profile::QualityScore> quality_of(const model::CatalogTable& table);
std::optional<profile::QualityScore> quality_of(const model::CatalogColumn& column, const model::CatalogTable& table);

/// The newest time in any of its columns, seconds since 1970.
std::optional<int64_t> newest_value_s(const model::CatalogTable& table);

}  // namespace assay::catalog
