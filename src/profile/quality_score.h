#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/table_profile.h"

namespace assay::profile {

/// What a score is made of, each 0 to 1; nothing where a part says nothing of the column or table.
struct QualityParts {
  std::optional<double> completeness;  ///< rows that have a value
  std::optional<double> uniqueness;    ///< different values among all, where a key is expected
  std::optional<double> conformity;    ///< values that read as the column's type
  std::optional<double> validity;      ///< values that are of the column's class
  std::optional<double> freshness;     ///< halves every 90 days since the newest time
};

struct QualityScore {
  double score = 0;  ///< 0 to 1: the weighted mean of the parts that there are
  QualityParts parts;
};

/// Weights and formulas are those of docs/data-quality.md. Nothing of a column or table without rows.
std::optional<QualityScore> score_of(const model::ColumnProfile& column, std::string_view table, int64_t now_s);
/// Each part is the mean of its columns' that have it; freshness the best of them.
std::optional<QualityScore> score_of(const model::TableProfile& table, int64_t now_s);

/// Whether the values of a column should all differ: its name is that of a key ("id", "uuid", "key", "pk"; the table's
/// name with one of these), or ends with one and at least 95 of 100 values differ.
bool expects_key(const model::ColumnProfile& column, std::string_view table);
/// Of a column's rows, those with a value.
uint64_t values_of(const model::ColumnProfile& column);

}  // namespace assay::profile
