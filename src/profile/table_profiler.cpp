#include "profile/table_profiler.h"

#include <algorithm>

#include "model/cell.h"

namespace assay::profile {

static_assert(TableProfiler::full_columns * SketchSizes{}.bound_bytes +
                  (TableProfiler::max_columns - TableProfiler::full_columns) * SketchSizes::small().bound_bytes <=
              size_t{64} << 20);

// nullptr when the table has as many columns as it may have.
ColumnProfiler* TableProfiler::grow(std::vector<std::unique_ptr<ColumnProfiler>>& columns, size_t place) {
  while (columns.size() <= place) {
    const size_t all = columns_.size() + inner_.size();
    if (all >= max_columns) return nullptr;
    columns.push_back(
        std::make_unique<ColumnProfiler>(all < full_columns ? SketchSizes() : SketchSizes::small(), now_s_));
  }
  return columns[place].get();
}

void TableProfiler::inner_value(uint32_t place, std::string_view value) {
  ColumnProfiler* column = grow(inner_, place);
  if (column == nullptr) return;
  if (value.empty()) column->empty();
  else column->value(value);
}

void TableProfiler::own_value(uint32_t place, std::string_view value) {
  ColumnProfiler* column = grow(columns_, place);
  if (column != nullptr && !value.empty()) column->value(value);
}

void TableProfiler::row(uint64_t number, std::span<const std::string_view> cells) {
  // Lines of a script may hold many rows: only one that has nothing where the last had cells goes on with it.
  const bool goes_on = rows_ != 0 && number == last_number_ && cells.size() > last_size_ &&
                       std::ranges::all_of(cells.first(last_size_), [](auto cell) { return cell.empty(); });
  last_number_ = number;
  last_size_ = cells.size();
  if (!goes_on) ++rows_;
  cells = cells.first(std::min(cells.size(), max_columns));
  if (columns_.size() < cells.size() && grow(columns_, cells.size() - 1) == nullptr)
    cells = cells.first(columns_.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = cells[i];
    if (!cell.empty()) columns_[i]->value(cell);
    else if (model::is_elsewhere(cell)) columns_[i]->unread();
    else if (!model::is_null(cell) && !goes_on) columns_[i]->empty();
  }
}

void TableProfiler::save(uint32_t inner, core::WireWriter& out) {
  out.u64(rows_);
  out.u32(static_cast<uint32_t>(columns_.size()));
  for (const auto& column : columns_) column->save(out);
  const uint32_t saved = std::min(inner, static_cast<uint32_t>(inner_.size()));
  out.u32(saved);
  for (uint32_t i = 0; i < saved; ++i) inner_[i]->save(out);
}

void TableProfiler::absorb(core::WireReader& saved, std::span<const uint32_t> places) {
  const auto absorb_column = [&](auto& columns, size_t place) {
    ColumnProfiler* column = grow(columns, place);
    if (column == nullptr) core::refuse_saved();
    column->absorb(saved);
  };
  rows_ += saved.u64();
  const uint32_t own = saved.u32();
  for (uint32_t i = 0; i < own; ++i) absorb_column(columns_, i);
  const uint32_t inner = saved.u32();
  if (inner > places.size()) core::refuse_saved();
  for (uint32_t i = 0; i < inner; ++i) absorb_column(inner_, places[i]);
}

std::vector<ColumnStatistics> TableProfiler::finish(size_t columns) {
  std::vector<ColumnStatistics> all(std::min(std::max(columns, columns_.size()), max_columns));
  for (size_t i = 0; i < all.size(); ++i) {
    if (i < columns_.size()) {
      all[i] = columns_[i]->finish(rows_);
      columns_[i].reset();
    } else {
      all[i].profile.rows = all[i].profile.nulls = rows_;
      all[i].profile.distinct_is_exact = true;
    }
  }
  columns_.clear();
  inner_.clear();
  return all;
}

ColumnStatistics TableProfiler::finish_inner(uint32_t place, bool of_elements) {
  if (place >= inner_.size()) return {};
  return inner_[place]->finish(of_elements ? 0 : rows_);
}

size_t TableProfiler::memory_bytes() const {
  size_t sum = (columns_.capacity() + inner_.capacity()) * sizeof columns_[0];
  for (const auto& column : inner_) sum += column->memory_bytes();
  for (const auto& column : columns_) sum += column->memory_bytes();
  return sum;
}

}  // namespace assay::profile
