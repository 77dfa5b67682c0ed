#pragma once

#include <string>

#include "model/table_profile.h"
#include "profile/column_profiler.h"

namespace assay::scan {

/// What classification says of a column whose profile is to leave the examiner.
struct ColumnKnowledge {
  bool may_be_sensitive = false;  ///< a class or finding of it is more than a date, or findings were not all looked for
  std::string entity;             ///< of its verdict, when that is reported
  float confidence = 0;           ///< of it
  uint64_t valid = 0;             ///< values that are of it
};

/// The profile as it may leave the examiner (docs/data-quality.md tells the rule):
///
/// - Of a column that may be sensitive: no numbers but counts, no times; values with all letters and digits hidden.
///   They are not masked as findings are: what a mask shows of a card number's end is all there is of a short value
///   that is none.
/// - Of one that has few, frequent, short values: as it is.
/// - Of any other: numbers with three significant digits, times to the day, values with all letters and digits hidden.
///
/// Names and comments are the source's own, printable and cut.
model::ColumnProfile safe_profile(profile::ColumnStatistics&& statistics, const ColumnKnowledge& knowledge);

}  // namespace assay::scan
