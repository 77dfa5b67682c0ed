#include "connect/tables/sample_rounds.h"

#include <algorithm>
#include <utility>

namespace assay::connect {

bool SampleRounds::next(RowChoice& choice) {
  if (!is_random_) {
    choice.sample = RowChoice::Sample::none;
    return !std::exchange(is_begun_, true);
  }
  if (rows_ + round_rows_ > std::min(most_rows, of_rows_ / 4)) return false;
  choice.sample_percent = 100.0 * static_cast<double>(round_rows_) / static_cast<double>(of_rows_);
  choice.sample_rows = round_rows_;
  rows_ += round_rows_;
  round_rows_ *= 2;
  return true;
}

bool SampleRounds::ends_behind(uint64_t rows) {
  if (is_random_ || rows < rows_ + round_rows_) return false;
  rows_ = rows;
  round_rows_ *= 2;
  return true;
}

}  // namespace assay::connect
