#include "extract/nested/unfolding_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "extract/nested/array_cell.h"
#include "extract/nested/json_cell.h"
#include "extract/nested/xml_cell.h"
#include "model/cell.h"

namespace assay::extract {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// Nearly all cells begin with something else, and are not looked at any further.
bool may_be_nested(std::string_view cell) {
  if (cell.size() < 2) return false;
  const char c = cell.front();
  return c == '{' || c == '[' || c == '<' || c == '"' || c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view without_blanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}  // namespace

UnfoldingSink::Nesting UnfoldingSink::nesting_of(std::string_view declared) {
  std::string type(declared.substr(0, 64));
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto is_json = [](std::string_view name) { return name == "json" || name == "jsonb"; };
  if (is_json(type)) return Nesting::json;
  if (type == "xml") return Nesting::xml;
  if (!declared.ends_with("[]")) return Nesting::any;
  return is_json(std::string_view(type).substr(0, type.find('['))) ? Nesting::json_array : Nesting::array;
}

void UnfoldingSink::begin_table(const TableInfo& table) {
  header_row_ = table.header_row;
  nestings_.clear();
  for (const std::string& type : table.types) nestings_.push_back(nesting_of(type));
  leaves_.begin_table(table);
  sink_.begin_table(table);
}

void UnfoldingSink::end_table() {
  sink_.end_table();
  if (leaves_.refused_for_room() != 0)
    sink_.partial(
        fmt::format("{} cells have values under more paths than a table may have columns, and were read as text",
                    leaves_.refused_for_room()));
}

bool UnfoldingSink::take(std::string_view cell, Nesting nesting) {
  const std::string_view text = without_blanks(cell);
  if (text.size() < 2) return false;
  const char first = text.front(), last = text.back();
  if (nesting == Nesting::array || nesting == Nesting::json_array)
    return (first == '{' || first == '[') && last == '}' &&
           take_postgres_array(text, nesting == Nesting::json_array, leaves_);
  if (first == '<')
    return last == '>' && (nesting == Nesting::xml || text.starts_with("<?xml")) && take_xml(text, leaves_);
  if (first == '"') return nesting == Nesting::json && last == '"' && take_json(text, leaves_);
  return ((first == '{' && last == '}') || (first == '[' && last == ']')) && take_json(text, leaves_);
}

void UnfoldingSink::unfold(uint64_t row_number, uint32_t column) {
  const std::string_view cell = cells_[column];
  leaves_.begin_cell(column);
  const bool is_taken = take(cell, column < nestings_.size() ? nestings_[column] : Nesting::any);
  if (!is_taken || leaves_.is_empty()) return leaves_.drop();
  if (const std::string* text = leaves_.lone_text()) {
    cells_[column] = texts_.emplace_back(*text);
    return leaves_.drop();
  }
  leaves_.give(row_number, sink_);
  cells_[column] = model::value_elsewhere;
}

void UnfoldingSink::row(uint64_t row_number, std::span<const std::string_view> cells) {
  const auto first = std::ranges::find_if(cells, may_be_nested);
  if (first == cells.end() || row_number == header_row_) return sink_.row(row_number, cells);
  cells_.assign(cells.begin(), cells.end());
  texts_.clear();
  const size_t columns = std::min<size_t>(cells.size(), model::first_inner_column);
  for (auto i = static_cast<size_t>(first - cells.begin()); i < columns; ++i)
    if (may_be_nested(cells_[i])) unfold(row_number, static_cast<uint32_t>(i));
  sink_.row(row_number, cells_);
}

}  // namespace assay::extract
