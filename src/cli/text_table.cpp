#include "cli/text_table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/error.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t max_cell_bytes = 4096;

// How wide UTF-8 text is on a terminal, combining and double-width characters apart.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

TextTable::TextTable(std::vector<std::string> heads) : heads_(std::move(heads)) {
  for (auto& head : heads_) {
    is_right_.push_back(head.starts_with('>'));
    if (head.starts_with('>')) head.erase(0, 1);
  }
}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() != heads_.size()) throw core::Error(core::ErrorKind::bug, "a row of a table has another width");
  for (auto& cell : cells) cell = cell.empty() ? "-" : core::printable(cell, max_cell_bytes);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < heads_.size(); ++i) {
    size_t width = width_of(heads_[i]);
    for (const auto& row : rows_) width = std::max(width, width_of(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto add_row = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      const bool is_last = i + 1 == row.size();
      out += is_right_[i] ? padding + row[i] : is_last ? row[i] : row[i] + padding;
      out += is_last ? "\n" : "  ";
    }
  };
  add_row(heads_);
  for (const auto& row : rows_) add_row(row);
  return out;
}

std::string time_text(int64_t ms_since_1970) {
  if (ms_since_1970 == 0) return "-";
  const std::chrono::sys_time<std::chrono::seconds> time{std::chrono::seconds(ms_since_1970 / 1000)};
  return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

}  // namespace assay::cli
