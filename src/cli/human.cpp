#include "cli/human.h"

#include <fmt/format.h>

#include <array>
#include <algorithm>
#include <cmath>

namespace assay::cli {

std::string human_bytes(uint64_t bytes) {
  static constexpr std::array<const char*, 5> units = {"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double n = static_cast<double>(bytes);
  size_t unit = 0;
  for (n /= 1000; n >= 999.5 && unit + 1 < units.size(); n /= 1000) ++unit;
  return n < 9.95 ? fmt::format("{:.1f} {}", n, units[unit]) : fmt::format("{:.0f} {}", n, units[unit]);
}

std::string human_duration(double seconds) {
  const auto s = static_cast<uint64_t>(std::llround(std::max(0.0, seconds)));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

std::string human_count(uint64_t n) {
  std::string digits = std::to_string(n);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string counted(uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", human_count(n), noun, n == 1 ? "" : "s");
}

}  // namespace assay::cli
