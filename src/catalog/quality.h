#pragma once

#include <cstdint>
#include <optional>

#include "model/catalog.h"

namespace assay::catalog {

/// How good the values of a column are, as shares of 0 to 1, from its profile.
struct ColumnQuality {
  double filled = 0;            ///< of its rows those that hold a value: no null, not empty, no word for nothing
  double conforming = 0;        ///< of the values those that read as what most read as; 0 without values
  std::optional<double> valid;  ///< of the values those that pass the check of their class; nothing without a class
  /// Of its rows those that hold a sound value: filled, times the smaller of the other two.
  double score = 0;
};

/// Nothing for a column of no rows.
std::optional<ColumnQuality> quality_of(const model::ColumnProfile& profile);

/// The mean score of a table's columns that have one.
std::optional<double> quality_of(const model::CatalogTable& table);

/// The newest time in any of its columns, seconds since 1970.
std::optional<int64_t> newest_value_s(const model::CatalogTable& table);

}  // namespace assay::catalog
