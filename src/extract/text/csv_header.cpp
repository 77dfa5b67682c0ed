#include "extract/text/csv_header.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace assay::extract {
namespace {

constexpr size_t rows_before_header = 8;
constexpr size_t max_name_bytes = 96;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
  return cell;
}

size_t digits_in(std::string_view cell) { return static_cast<size_t>(std::ranges::count_if(cell, is_digit)); }

/// Numbers, dates, amounts, phone numbers, addresses on the net: what a header does not hold.
bool looks_like_data(std::string_view cell) {
  if (cell.find('@') != std::string_view::npos || cell.find("://") != std::string_view::npos) return true;
  return digits_in(cell) > 0 && (digits_in(cell) >= 5 || digits_in(cell) * 2 >= cell.size());
}

bool may_be_name(std::string_view cell) {
  return cell.size() <= max_name_bytes && !looks_like_data(cell) && cell.find('\n') == std::string_view::npos;
}

/// Words that columns are called by, as parts of names such as "First Name" or "customerId".
bool has_column_word(std::string_view cell) {
  constexpr std::array<std::string_view, 40> words{
      "name", "id",      "date",    "email", "mail",  "phone",  "address", "city",     "state",   "country",
      "zip",  "code",    "number",  "no",    "type",  "status", "amount",  "price",    "total",   "time",
      "user", "account", "gender",  "age",   "birth", "dob",    "ssn",     "title",    "company", "description",
      "note", "notes",   "comment", "value", "key",   "url",    "street",  "password", "card",    "iban"};
  std::string word;
  const auto is_known = [&] { return std::ranges::find(words, word) != words.end(); };
  char previous = '\0';
  for (const char c : cell) {
    const bool starts_word = is_upper(c) && is_lower(previous);
    previous = c;
    if (starts_word || !(is_lower(c) || is_upper(c))) {
      if (is_known()) return true;
      word.clear();
    }
    if (is_upper(c)) word.push_back(static_cast<char>(c + 32));
    if (is_lower(c)) word.push_back(c);
  }
  return is_known();
}

bool is_identifier(std::string_view cell) {
  const bool word = std::ranges::all_of(
      cell, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '.'; });
  return word && cell.find('_') != std::string_view::npos;
}

bool is_candidate(const CsvRow& row, size_t columns) {
  if (row.size() != columns) return false;
  std::set<std::string_view> seen;
  size_t named = 0;
  for (const std::string& cell : row) {
    const auto name = trimmed(cell);
    if (!may_be_name(name)) return false;
    if (name.empty()) continue;
    ++named;
    if (!seen.insert(name).second) return false;
  }
  return named * 2 >= columns && named > 0;
}

/// Columns in which most cells below look like data while the candidate's cell does not.
bool differs_from_below(std::span<const CsvRow> below, const CsvRow& header) {
  for (size_t column = 0; column < header.size(); ++column) {
    size_t filled = 0, data = 0, with_digits = 0;
    for (const CsvRow& row : below) {
      if (column >= row.size() || trimmed(row[column]).empty()) continue;
      ++filled;
      data += looks_like_data(trimmed(row[column]));
      with_digits += digits_in(row[column]) > 0;
    }
    if (filled == 0 || trimmed(header[column]).empty()) continue;
    if (data * 2 > filled || (with_digits * 4 > filled * 3 && digits_in(header[column]) == 0)) return true;
  }
  return false;
}

bool speaks_like_header(const CsvRow& header) {
  const auto named = std::ranges::count_if(
      header, [](const std::string& cell) { return has_column_word(cell) || is_identifier(trimmed(cell)); });
  return static_cast<size_t>(named) * 3 >= header.size() && named > 0;
}

}  // namespace

std::optional<size_t> find_header(std::span<const CsvRow> rows, size_t columns) {
  const size_t last = std::min(rows.size(), rows_before_header);
  for (size_t index = 0; index < last; ++index) {
    if (rows[index].size() != columns) continue;
    if (!is_candidate(rows[index], columns)) return std::nullopt;
    const bool is_header = differs_from_below(rows.subspan(index + 1), rows[index]) || speaks_like_header(rows[index]);
    return is_header ? std::optional(index) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace assay::extract
