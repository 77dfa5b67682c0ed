#include "extract/text/sql_row.h"

#include <algorithm>

namespace assay::extract {
namespace {

constexpr size_t max_value_bytes = size_t{1} << 20;
constexpr size_t long_piece_bytes = size_t{64} << 10;
constexpr size_t max_row_bytes = size_t{4} << 20;
constexpr size_t max_cells = 16384;

bool is_null(std::string_view value) {
  return value.size() == 4 && (value[0] | 32) == 'n' && (value[1] | 32) == 'u' && (value[2] | 32) == 'l' &&
         (value[3] | 32) == 'l';
}

}  // namespace

void SqlRow::begin(uint64_t line) {
  line_ = line;
  values_.clear();
  cells_.clear();
  written_.clear();
  string_.clear();
  strings_ = 0;
}

void SqlRow::written(std::string_view text) {
  written_ += text;
  bound_value();
}

void SqlRow::space() {
  if (!written_.empty() && written_.back() != ' ') written(" ");
}

void SqlRow::begin_string() {
  if (++strings_ == 1) string_.clear();
  written_ += '\'';
}

void SqlRow::string(std::string_view text) {
  if (strings_ == 1 && !is_long_) string_ += text;
  written(text);
}

void SqlRow::end_string() { written_ += '\''; }

void SqlRow::bound_value() {
  if (written_.size() <= (is_long_ ? long_piece_bytes : max_value_bytes)) return;
  if (!is_long_) handler_.on_long_value_begin(line_, cells_.size());
  is_long_ = true;
  string_.clear();
  handler_.on_long_value_text(written_);
  written_.clear();
}

void SqlRow::end_value() {
  if (is_long_) {
    if (!written_.empty()) handler_.on_long_value_text(written_);
    handler_.on_long_value_end();
    is_long_ = false;
    strings_ = 0;
    written_.clear();
  }
  if (written_.ends_with(' ')) written_.pop_back();
  const size_t begin = values_.size();
  if (strings_ == 1) values_ += string_;
  else if (!is_null(written_)) values_ += written_;
  cells_.emplace_back(begin, values_.size());
  written_.clear();
  string_.clear();
  strings_ = 0;
  if (values_.size() > max_row_bytes || cells_.size() >= max_cells) give();
}

void SqlRow::end() {
  if (!cells_.empty()) give();
  cells_.clear();
}

// What the row has so far; cells given are empty from then on.
void SqlRow::give() {
  views_.clear();
  for (const auto& [begin, end] : cells_) views_.push_back(std::string_view(values_).substr(begin, end - begin));
  handler_.on_row(line_, views_);
  values_.clear();
  if (cells_.size() >= max_cells) cells_.clear();
  std::ranges::fill(cells_, std::pair<size_t, size_t>(0, 0));
}

}  // namespace assay::extract
