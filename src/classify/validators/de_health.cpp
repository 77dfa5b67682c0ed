#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/de_checks.h"

namespace assay::classify {
namespace {

constexpr int cross_sum(int n) noexcept { return n / 10 + n % 10; }

/// The number with its letter written as two digits, A=01 ... Z=26.
template <size_t n>
constexpr std::array<int, n> digits_with_letter(const Symbols& s, size_t letter_at) noexcept {
  std::array<int, n> digits{};
  size_t to = 0;
  for (size_t i = 0; to < n; ++i) {
    if (i == letter_at) {
      const int letter = s[i] - 'A' + 1;
      digits[to++] = letter / 10;
      if (to < n) digits[to++] = letter % 10;
    } else {
      digits[to++] = s.digit(i);
    }
  }
  return digits;
}

template <size_t n>
constexpr int sum_of_cross_sums(const std::array<int, n>& digits, const std::array<int, n>& weights) noexcept {
  int sum = 0;
  for (size_t i = 0; i < n; ++i) sum += cross_sum(digits[i] * weights[i]);
  return sum;
}

}  // namespace

/// The region of the association (not 00) and seven digits; there is no check digit.
Check de_bsnr(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same() || s.number(0, 2) == 0) return Check::invalid;
  return Check::plausible;
}

/// Six digits, their check digit (weights 4 and 9 by turns), two digits for the speciality.
Check de_lanr(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same() || s.number(0, 6) == 0) return Check::invalid;
  const int check = (10 - weighted_sum(s, 0, {4, 9, 4, 9, 4, 9}) % 10) % 10;
  return check == s.digit(6) ? Check::valid : Check::invalid;
}

/// The part of the number that stays for life: a letter, eight digits, check digit.
Check de_health_insurance(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.is_digit(0) || !s.digits_in(1, 10)) return Check::invalid;
  const auto digits = digits_with_letter<10>(s, 0);
  return sum_of_cross_sums(digits, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2}) % 10 == s.digit(9) ? Check::valid : Check::invalid;
}

/// Area of the insurer, birthday DDMMYY, first letter of the name at birth, serial number (below 50 for men), check
/// digit.
Check de_social_security(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 12 || !s.digits_in(0, 8) || s.is_digit(8) || !s.digits_in(9, 12)) return Check::invalid;
  const long long area = s.number(0, 2);
  // Where the day or the month is not known they are zero.
  if (area < 2 || area > 89 || s.number(2, 4) > 31 || s.number(4, 6) > 12) return Check::invalid;
  const auto digits = digits_with_letter<12>(s, 8);
  const int sum = sum_of_cross_sums(digits, {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1});
  return sum % 10 == s.digit(11) ? Check::valid : Check::invalid;
}

}  // namespace assay::classify
