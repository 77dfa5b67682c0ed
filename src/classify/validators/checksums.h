#pragma once

#include <initializer_list>

#include "classify/validators/symbols.h"

namespace assay::classify {

/// Luhn (ISO/IEC 7812-1 annex B) over the digits [begin, end), the last being the check digit.
constexpr bool luhn(const Symbols& s, size_t begin, size_t end) noexcept {
  int sum = 0;
  // Eight digits at a time from the end: the first of them and every second one count twice, less nine above four.
  for (; end >= begin + 8 && s.eight_are_digits(end - 8); end -= 8) {
    constexpr uint64_t every = 0x0101010101010101, first = 0x0001000100010001;
    const uint64_t digits = s.eight_values(end - 8);
    const uint64_t above_four = ((digits + 0x7B * every) >> 7) & first;
    const uint64_t counted = digits + (digits & (0x0F * first)) - 9 * above_four;
    sum += static_cast<int>((counted * every) >> 56);
  }
  bool twice = false;
  for (size_t i = end; i-- > begin;) {
    int d = s.digit(i);
    if (twice) d = d > 4 ? 2 * d - 9 : 2 * d;
    sum += d;
    twice = !twice;
  }
  return sum % 10 == 0;
}

/// Sum of weights[i] * digit(begin + i).
constexpr int weighted_sum(const Symbols& s, size_t begin, std::initializer_list<int> weights) noexcept {
  int sum = 0;
  for (int weight : weights) sum += weight * s.digit(begin++);
  return sum;
}

/// Article number of thirteen digits (GS1 General Specifications, 7.9). One number in ten agrees by chance.
constexpr bool is_ean13(const Symbols& s) noexcept {
  return s.size() == 13 && s.all_digits() && weighted_sum(s, 0, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1}) % 10 == 0;
}

/// Groups of four digits that climb by small steps, as "5377 5378 5379": a stretch of a table, and no one's number.
constexpr bool climbs_by_fours(const Symbols& s) noexcept {
  constexpr long long small_step = 100;
  for (size_t i = 4; i + 4 <= s.size(); i += 4) {
    const long long step = s.number(i, i + 4) - s.number(i - 4, i);
    if (step <= 0 || step > small_step) return false;
  }
  return s.size() >= 12 && s.size() % 4 == 0;
}

/// Value modulo 97 of the symbols [begin, end) read as ISO 7064 does: letters are two digits, A=10.
constexpr int mod97(const Symbols& s, size_t begin, size_t end) noexcept {
  constexpr unsigned long long room = 100'000'000'000'000'000;  // for two digits more; dividing takes longest
  unsigned long long rest = 0;
  for (size_t i = begin; i < end; ++i) {
    if (end - i >= 8 && s.eight_are_digits(i)) {
      rest = (rest % 97) * 100'000'000 + s.eight_digits(i);
      i += 7;
      continue;
    }
    const auto v = static_cast<unsigned>(s.value(i));
    if (rest >= room) rest %= 97;
    rest = rest * (v < 10 ? 10 : 100) + v;
  }
  return static_cast<int>(rest % 97);
}

/// A day that the Gregorian calendar has. `year` with century.
constexpr bool is_date(int year, int month, int day) noexcept {
  if (month < 1 || month > 12 || day < 1) return false;
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace assay::classify
