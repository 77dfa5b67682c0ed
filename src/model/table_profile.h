#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/locator.h"

namespace assay::model {

/// A value, or its pattern, and how many rows hold it. Estimated unless the column has few different values.
struct ValueCount {
  std::string text;  ///< masked where the column may be sensitive
  uint64_t count = 0;
};

/// Which tables are profiled.
enum class ProfileScope : uint8_t {
  none,
  databases,  ///< those that come as rows from a source that has tables
  all         ///< also those in files: CSV, sheets, SQLite
};

/// What the values of one column that were read are like. Counts are of rows unless said otherwise.
struct ColumnProfile {
  std::string name;  ///< its header where it has one, else its letter
  std::string native_type;
  std::string comment;
  uint64_t rows = 0;
  uint64_t nulls = 0;        ///< without a value, as the source says
  uint64_t empty = 0;        ///< of no length, or white space only
  uint64_t null_tokens = 0;  ///< words that stand for no value: "N/A", "null", "-"
  double distinct = 0;       ///< different values, null and empty not among them
  bool distinct_is_exact = false;
  /// What most values read as: "integer", "number", "boolean", "date", "time", "timestamp", "uuid", "text"; "" when
  /// there are none.
  std::string type;
  uint64_t conforming = 0;  ///< values that read as `type`
  uint64_t valid = 0;       ///< values that are, as a whole, of `entity`
  std::string entity;       ///< the surest class of the column; "" none
  double confidence = 0;    ///< of it
  // Of values that read as numbers, and of times as seconds since 1970. Nothing of this is kept of sensitive columns;
  // of others only categories are exact, the rest is rounded (docs/data-quality.md).
  std::optional<double> minimum, maximum, mean, deviation;
  std::vector<double> quantiles;  ///< at 1, 5, 25, 50, 75, 95 and 99 %; or empty
  uint64_t outliers = 0;          ///< numbers and times further than three interquartile ranges outside the middle half
  uint64_t shortest = 0, longest = 0;  ///< in code points
  double mean_length = 0;              ///< in code points
  std::vector<ValueCount> top_values;  ///< most frequent first
  /// Shapes of values, most frequent first: "A" a capital, "a" another letter, "9" a digit, a run of more than four one
  /// of these and "+".
  std::vector<ValueCount> patterns;
  std::optional<int64_t> newest_s;  ///< of a column of times: the latest that is not in the future, since 1970
};

/// What a table's columns are like, from the rows that were examined.
struct TableProfile {
  std::string object;
  Locator locator;  ///< member and table
  uint64_t rows = 0;
  bool is_sample = false;  ///< not all rows were read
  std::vector<ColumnProfile> columns;
};

}  // namespace assay::model
