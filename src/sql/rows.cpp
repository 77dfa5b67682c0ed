#include "sql/rows.h"

#include "sql/cells.h"

namespace assay::sql {

size_t Rows::size() const noexcept { return columns_ == 0 ? 0 : cells_.size() / columns_; }

size_t Rows::columns() const noexcept { return columns_; }

const Rows::Cell& Rows::cell(size_t row, size_t column) const {
  if (column >= columns_ || row >= size()) throw_no_such_cell(row, column);
  return cells_[row * columns_ + column];
}

bool Rows::is_null(size_t row, size_t column) const { return cell(row, column).is_null; }

std::string_view Rows::text(size_t row, size_t column) const {
  const Cell& found = cell(row, column);
  if (found.is_null) throw_null_cell(column);
  return std::string_view(bytes_).substr(found.begin, found.size);
}

int64_t Rows::integer(size_t row, size_t column) const { return cell_integer(text(row, column), column); }

double Rows::real(size_t row, size_t column) const { return cell_real(text(row, column), column); }

bool Rows::boolean(size_t row, size_t column) const { return cell_boolean(text(row, column), column); }

std::optional<int64_t> Rows::optional_integer(size_t row, size_t column) const {
  if (is_null(row, column)) return std::nullopt;
  return integer(row, column);
}

std::optional<std::string> Rows::optional_text(size_t row, size_t column) const {
  if (is_null(row, column)) return std::nullopt;
  return std::string(text(row, column));
}

void Rows::push_null() { cells_.push_back({bytes_.size(), 0, true}); }

void Rows::push(std::string_view cell) {
  cells_.push_back({bytes_.size(), cell.size(), false});
  bytes_ += cell;
}

}  // namespace assay::sql
