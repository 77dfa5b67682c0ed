#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Identity number: no leading zero, two check digits.
Check tr_national_id(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s[0] == '0') return Check::invalid;
  const int odd = weighted_sum(s, 0, {1, 0, 1, 0, 1, 0, 1, 0, 1});
  const int even = weighted_sum(s, 0, {0, 1, 0, 1, 0, 1, 0, 1});
  if ((odd * 7 + 100 - even) % 10 != s.digit(9)) return Check::invalid;
  return (odd + even + s.digit(9)) % 10 == s.digit(10) ? Check::valid : Check::invalid;
}

/// "12 MAY 20" and "05 EKI 99" are dates, in English or Turkish.
bool is_month(std::string_view letters) noexcept {
  constexpr auto months =
      std::to_array<std::string_view>({"AGU", "APR", "ARA", "AUG", "DEC", "EKI", "EYL", "FEB", "HAZ", "JAN", "JUL",
                                       "JUN", "KAS", "MAR", "MAY", "NIS", "NOV", "OCA", "OCT", "SEP", "SUB", "TEM"});
  return std::ranges::binary_search(months, letters);
}

/// Province 01-81, letters without Q, W and X, and the more digits the fewer letters.
Check tr_license_plate(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 7 || s.size() > 8 || !s.digits_in(0, 2)) return Check::invalid;
  if (s.number(0, 2) < 1 || s.number(0, 2) > 81) return Check::invalid;
  size_t number = 2;
  while (number < s.size() && !s.is_digit(number)) {
    if (s[number] == 'Q' || s[number] == 'W' || s[number] == 'X') return Check::invalid;
    ++number;
  }
  const size_t letters = number - 2;
  const size_t digits = s.size() - number;
  if (letters < 1 || letters > 3 || !s.digits_in(number, s.size())) return Check::invalid;
  if (digits < 5 - letters || digits > 6 - letters || s.number(number, s.size()) == 0) return Check::invalid;
  return is_month(s.view().substr(2, letters)) ? Check::invalid : Check::plausible;
}

constexpr Validator table[] = {
    {"tr_license_plate", "Road Traffic Regulation of 18 July 1997, article 53", tr_license_plate},
    {"tr_national_id", "General Directorate of Civil Registration: identity number", tr_national_id},
};

}  // namespace

std::span<const Validator> validators_tr() { return table; }

}  // namespace assay::classify
