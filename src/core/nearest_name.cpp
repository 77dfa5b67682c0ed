#include "core/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace assay::core {
namespace {

constexpr size_t longest_name = 256;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

size_t spelling_distance(std::string_view one, std::string_view other, size_t most) {
  if (one.size() > longest_name || other.size() > longest_name) return most + 1;
  const size_t width = other.size() + 1;
  std::vector<size_t> above_that(width), above(width), row(width);
  for (size_t j = 0; j < width; ++j) row[j] = j;
  for (size_t i = 1; i <= one.size(); ++i) {
    std::swap(above_that, above);
    std::swap(above, row);
    row[0] = i;
    for (size_t j = 1; j < width; ++j) {
      const bool is_same = lower(one[i - 1]) == lower(other[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (is_same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(one[i - 1]) == lower(other[j - 2]) && lower(one[i - 2]) == lower(other[j - 1]))
        row[j] = std::min(row[j], above_that[j - 2] + 1);
    }
  }
  return std::min(row.back(), most + 1);
}

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> names) {
  size_t least = std::max<size_t>(1, name.size() / 3) + 1;
  std::optional<std::string> nearest;
  for (const std::string& candidate : names) {
    const size_t distance = spelling_distance(name, candidate, least);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> names) {
  const auto nearest = nearest_name(name, names);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string();
}

}  // namespace assay::core
