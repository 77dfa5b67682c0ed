#include "connect/tables/table_range.h"

#include <algorithm>

#include "core/error.h"

namespace assay::connect {
namespace {

constexpr size_t most_digits = 20;  // of 2^64

std::string in_decimal(__int128 number) {
  const bool is_negative = number < 0;
  std::string digits;
  do {
    const int digit = static_cast<int>(number % 10);
    digits += static_cast<char>('0' + (is_negative ? -digit : digit));
    number /= 10;
  } while (number != 0);
  if (is_negative) digits += '-';
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace

std::optional<__int128> whole_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.empty() || text.size() > most_digits) return std::nullopt;
  __int128 number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return is_negative ? -number : number;
}

TableRange TableRange::parse(std::string_view words) {
  const size_t dots = words.find("..");
  TableRange range;
  if (dots != std::string_view::npos) range = {std::string(words.substr(0, dots)), std::string(words.substr(dots + 2))};
  const auto is_end = [](const std::string& end) { return end.empty() || whole_number(end); };
  if (dots == std::string_view::npos || !is_end(range.from) || !is_end(range.to))
    throw core::Error(core::ErrorKind::bad_input, "a range of a table is no 'FROM..TO'");
  return range;
}

std::vector<TableRange> even_ranges(__int128 least, __int128 greatest, size_t count) {
  const __int128 numbers = greatest - least + 1;
  std::vector<TableRange> ranges;
  if (count == 0 || numbers < static_cast<__int128>(count)) return ranges;
  for (size_t i = 0; i < count; ++i) {
    TableRange range;
    if (i != 0) range.from = ranges.back().to;
    if (i + 1 != count)
      range.to = in_decimal(least + numbers * static_cast<__int128>(i + 1) / static_cast<__int128>(count));
    ranges.push_back(std::move(range));
  }
  return ranges;
}

}  // namespace assay::connect
