#include "extract/office/sheet_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::extract {
namespace {

constexpr size_t max_cell_bytes = size_t{1} << 20;
constexpr size_t max_row_bytes = size_t{4} << 20;

/// Strict, because a wrong name costs context and a wrong refusal costs nothing but the name.
bool looks_like_column_name(std::string_view text) {
  constexpr size_t max_name_bytes = 80;
  constexpr ptrdiff_t max_digits = 4;
  return text.size() <= max_name_bytes && text.find('@') == std::string_view::npos &&
         std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }) <= max_digits;
}

}  // namespace

std::string column_letters(uint32_t column) {
  std::string letters;
  for (uint64_t n = uint64_t{column} + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters;
}

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
  if (!row_is_text_) return;
  for (const std::string_view name : views_)
    if (!looks_like_column_name(name)) return;
  info_.columns.assign(views_.begin(), views_.end());
  for (uint32_t column = 0; column < info_.columns.size(); ++column)
    if (info_.columns[column].empty()) info_.columns[column] = column_letters(column);
}

void SheetTable::give_row() {
  if (!cells_.empty()) {
    views_.clear();
    for (const Cell& cell : cells_) {
      if (cell.column >= views_.size()) views_.resize(cell.column + size_t{1});
      views_[cell.column] = std::string_view(bytes_).substr(cell.begin, cell.size);
    }
    if (!header_judged_) judge_header();
    if (!open_) sink_.begin_table(info_);
    open_ = true;
    sink_.row(row_, views_);
  }
  cells_.clear();
  bytes_.clear();
  row_is_text_ = true;
}

void SheetTable::give_long_cell(uint64_t row, uint32_t column, std::string_view text) {
  close();
  header_judged_ = true;
  sink_.begin_text({.name = fmt::format("{}!{}{}", info_.name, column_letters(column), row)});
  sink_.text(text);
  sink_.end_text();
}

void SheetTable::close() {
  if (open_) sink_.end_table();
  open_ = false;
}

void SheetTable::finish() {
  give_row();
  close();
}

}  // namespace assay::extract
