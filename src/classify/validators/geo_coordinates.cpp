#include <algorithm>
#include <array>

#include "classify/validators/global_checks.h"

namespace assay::classify::global {
namespace {

struct Number {
  double value = 0;
  int decimals = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first six numbers of the text; ISO 6709 writes at most three for each of latitude and longitude.
size_t numbers_of(std::string_view text, std::array<Number, 6>& numbers) {
  size_t count = 0;
  for (size_t i = 0; i < text.size() && count < numbers.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    Number n;
    for (; i < text.size() && is_digit(text[i]); ++i) n.value = n.value * 10 + (text[i] - '0');
    if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
      double scale = 1;
      for (++i; i < text.size() && is_digit(text[i]); ++i, ++n.decimals) n.value += (text[i] - '0') * (scale /= 10);
    }
    numbers[count++] = n;
  }
  return count;
}

Check degrees_minutes_seconds(const std::array<Number, 6>& n, size_t count) {
  if (count != 4 && count != 6) return Check::invalid;
  const size_t each = count / 2;
  for (size_t side = 0; side < 2; ++side) {
    const double most = side == 0 ? 90 : 180;
    double degrees = n[side * each].value;
    double unit = 60;
    for (size_t i = 1; i < each; ++i, unit *= 60) {
      if (n[side * each + i].value >= 60) return Check::invalid;
      degrees += n[side * each + i].value / unit;
    }
    if (degrees > most) return Check::invalid;
  }
  return Check::valid;
}

}  // namespace

Check geo_coordinates(std::string_view value) noexcept {
  std::array<Number, 6> n{};
  const size_t count = numbers_of(value, n);
  if (count >= 4) return degrees_minutes_seconds(n, count);
  if (count != 2 || n[0].value > 90 || n[1].value > 180) return Check::invalid;
  if (n[0].decimals < 3 || n[1].decimals < 3) return Check::invalid;
  // 0.1234, 0.5678 are two fractions; somewhere on Earth outside the gulf of Guinea one side reaches two degrees.
  return n[0].value >= 2 || n[1].value >= 2 ? Check::valid : Check::invalid;
}

}  // namespace assay::classify::global
