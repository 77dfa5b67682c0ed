#pragma once

#include <cstdint>
#include <optional>

#include "connect/tables/table_database.h"

namespace assay::connect {

/// How a table is read of which a sample is wanted that is just large enough: rows at random, twice as many a round as
/// in the one before, each round a statement; or, where the server cannot choose rows without going through all, its
/// rows in their order. After each round the examiner ends the reading if the rows so far are enough
/// (model/row_stream.h).
class SampleRounds {
 public:
  /// Of the first round. With the least certainty that may be asked for, it is hardly ever less than enough.
  static constexpr uint64_t first_rows = 8'192;
  /// A table of fewer rows is read whole: it costs no more than finding out that a sample is enough.
  static constexpr uint64_t least_sampled_rows = 16 * first_rows;
  /// Percentages that may be asked for, and the one of who asks for none.
  static constexpr double default_certainty = 99.9, least_certainty = 50, most_certainty = 99.9999;
  /// All rounds together, or a quarter of the table if that is less: of more, many rows would come twice.
  static constexpr uint64_t most_rows = uint64_t{1} << 20;

  /// `certainty`: percent. `can_choose`: the server can choose rows at random.
  SampleRounds(double certainty, std::optional<uint64_t> estimated_rows, bool can_choose)
      : certainty_(certainty), of_rows_(estimated_rows.value_or(0)), is_random_(can_choose && of_rows_ != 0) {}

  /// Nothing to gain from a sample.
  bool reads_all() const { return of_rows_ != 0 && of_rows_ < least_sampled_rows; }
  bool is_random() const { return is_random_; }
  /// Makes `choice`, which says how rows are chosen at random, that of the next round; false when there is none.
  bool next(RowChoice& choice);
  /// Rows in their order: whether a round ends behind so many.
  bool ends_behind(uint64_t rows);

  double certainty() const { return certainty_; }
  uint64_t of_rows() const { return of_rows_; }  ///< 0 unknown

 private:
  double certainty_;
  uint64_t of_rows_;
  bool is_random_, is_begun_ = false;
  uint64_t round_rows_ = first_rows, rows_ = 0;
};

}  // namespace assay::connect
