#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/codec.h"
#include "profile/column_profiler.h"

namespace assay::profile {

/// What the columns of a table are like, row by row. A table takes at most 64 MiB: the first full_columns columns have
/// full sketches, those behind them small ones.
class TableProfiler {
 public:
  static constexpr size_t max_columns = 16'384;
  static constexpr size_t full_columns = 256;

  explicit TableProfiler(int64_t now_s) : now_s_(now_s) {}

  /// A row that was cut comes in several calls with the same number; cells that were given before are empty then. Rows
  /// of a number may be several, too. What a cell without text means, model/cell.h says.
  void row(uint64_t number, std::span<const std::string_view> cells);

  /// A value inside a cell of the row that is given next, in column `place` of those that the table has for such
  /// values, or one more of its own column `place`.
  void inner_value(uint32_t place, std::string_view value);
  void own_value(uint32_t place, std::string_view value);

  /// What it learnt so far of the table's own columns and of the first `inner` of those inside cells, to go on in
  /// another one. Raw values are in it.
  void save(uint32_t inner, core::WireWriter& out);
  /// Adds what another one saved of other rows; `places` says which of its inner columns is which here. No row may be
  /// given after that. Throws core::Error(permanent) for what none saved, and where a column is kept in less detail
  /// than there.
  void absorb(core::WireReader& saved, std::span<const uint32_t> places);

  /// By column; as many as the widest row had, at least `columns`. To be called once.
  std::vector<ColumnStatistics> finish(size_t columns);
  /// The same of the columns of inner values that had one. Of `elements` each value counts as a row: how many are
  /// missing, nobody can tell. To be called before finish().
  ColumnStatistics finish_inner(uint32_t place, bool of_elements);
  uint64_t rows() const { return rows_; }
  size_t memory_bytes() const;

 private:
  int64_t now_s_;
  uint64_t rows_ = 0;
  uint64_t last_number_ = 0;  // of the last row
  size_t last_size_ = 0;      // its cells
  ColumnProfiler* grow(std::vector<std::unique_ptr<ColumnProfiler>>& columns, size_t place);

  std::vector<std::unique_ptr<ColumnProfiler>> columns_, inner_;
};

}  // namespace assay::profile
