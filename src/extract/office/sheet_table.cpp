#include "extract/office/sheet_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t max_cell_bytes = size_t{1} << 20;
constexpr size_t max_row_bytes = size_t{4} << 20;
constexpr size_t max_held_rows = 16;
constexpr size_t max_held_bytes = size_t{256} << 10;
constexpr size_t rows_before_header = 8;

/// Strict, because a wrong name costs context and a wrong refusal costs nothing but the name.
bool looks_like_column_name(std::string_view text) {
  constexpr size_t max_name_bytes = 80;
  constexpr ptrdiff_t max_digits = 4;
  return text.size() <= max_name_bytes && text.find('@') == std::string_view::npos &&
         std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) <= max_digits;
}

}  // namespace

SheetTable::SheetTable(Sink& sink, std::string name) : sink_(sink) {
  info_.name = std::move(name);
  info_.is_sheet = true;
}

void SheetTable::cell(uint64_t row, uint32_t column, std::string_view text, bool is_text) {
  if (row != row_) give_row();
  row_ = row;
  if (text.empty()) return;
  if (column >= max_columns) {
    if (!beyond_told_) sink_.partial("cells beyond the last column of a sheet");
    beyond_told_ = true;
    return;
  }
  if (text.size() > max_cell_bytes) {
    give_long_cell(row, column, text);
    return;
  }
  if (bytes_.size() + text.size() > max_row_bytes || cells_.size() > max_columns) give_row();
  row_is_text_ &= is_text;
  cells_.push_back({column, bytes_.size(), text.size()});
  bytes_ += text;
}

void SheetTable::judge_header() {
  header_judged_ = true;
  size_t columns = 0;
  for (const HeldRow& row : held_) columns = std::max(columns, row.cells.size());
  for (const HeldRow& row : held_ | std::views::take(rows_before_header)) {
    const auto named = static_cast<size_t>(std::ranges::count_if(row.cells, [](const auto& c) { return !c.empty(); }));
    if (named == 1 && columns > 1) continue;  // a title
    if (!row.is_text || !std::ranges::all_of(row.cells, looks_like_column_name)) break;
    info_.columns = row.cells;
    info_.header_row = row.number;
    for (uint32_t column = 0; column < info_.columns.size(); ++column)
      if (info_.columns[column].empty()) info_.columns[column] = model::column_letters(column);
    break;
  }
  const std::vector<HeldRow> rows = std::move(held_);
  held_.clear();
  for (const HeldRow& row : rows) {
    views_.clear();
    for (const std::string& cell : row.cells) views_.push_back(cell.empty() ? std::string_view() : cell);  // a gap
    give(row.number);
  }
}

void SheetTable::give(uint64_t number) {
  if (!open_) sink_.begin_table(info_);
  open_ = true;
  sink_.row(number, views_);
}

void SheetTable::hold_row() {
  held_bytes_ += bytes_.size();
  held_.push_back({row_, {views_.begin(), views_.end()}, row_is_text_});
  if (held_.size() == max_held_rows || held_bytes_ > max_held_bytes) judge_header();
}

void SheetTable::give_row() {
  if (!cells_.empty()) {
    views_.clear();
    for (const Cell& cell : cells_) {
      if (cell.column >= views_.size()) views_.resize(cell.column + size_t{1});
      views_[cell.column] = std::string_view(bytes_).substr(cell.begin, cell.size);
    }
    if (header_judged_) give(row_);
    else hold_row();
  }
  cells_.clear();
  bytes_.clear();
  row_is_text_ = true;
}

void SheetTable::give_long_cell(uint64_t row, uint32_t column, std::string_view text) {
  if (!header_judged_) judge_header();
  close();
  sink_.begin_text({.name = fmt::format("{}!{}{}", info_.name, model::column_letters(column), row)});
  sink_.text(text);
  sink_.end_text();
}

void SheetTable::close() {
  if (open_) sink_.end_table();
  open_ = false;
}

void SheetTable::finish() {
  give_row();
  if (!header_judged_) judge_header();
  close();
}

}  // namespace assay::extract
