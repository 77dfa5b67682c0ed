#include <algorithm>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"
#include "classify/validators/uk_checks.h"

namespace assay::classify {
namespace {

constexpr bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

/// Modulo 11; a number whose check digit would be 10 is not issued.
Check uk_nhs(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || !s.all_digits() || s.all_same()) return Check::invalid;
  const int check = (11 - weighted_sum(s, 0, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 11;
  return check == s.digit(9) ? Check::valid : Check::invalid;
}

/// Two letters, six digits, and a suffix A to D that may be missing. There is no check digit.
Check uk_nino(std::string_view value) noexcept {
  constexpr std::string_view never_allocated[] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
  const Symbols s(value);
  if (s.size() < 8 || s.size() > 9 || s.is_digit(0) || s.is_digit(1) || !s.digits_in(2, 8)) return Check::invalid;
  if (is_one_of(s[0], "DFIQUV") || is_one_of(s[1], "DFIOQUV")) return Check::invalid;
  if (std::ranges::find(never_allocated, s.view().substr(0, 2)) != std::end(never_allocated)) return Check::invalid;
  return s.size() == 8 || is_one_of(s[8], "ABCD") ? Check::plausible : Check::invalid;
}

/// Five letters of the surname filled with nines; decade, month (plus 50 for women), day and year of birth; two
/// initials, filled with nine; a distinguishing mark; two computed letters whose rule is not published. Sometimes two
/// digits of the issue follow.
Check uk_driving_licence(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 16 && s.size() != 18) || !s.digits_in(5, 11) || !s.digits_in(16, s.size())) return Check::invalid;
  const auto surname = s.view().substr(0, 5);
  const size_t letters = std::min(surname.find_first_of("0123456789"), surname.size());
  if (letters == 0 || surname.find_first_not_of('9', letters) != std::string_view::npos) return Check::invalid;
  const int year = 10 * s.digit(5) + s.digit(10);
  const int month = static_cast<int>(s.number(6, 8));
  // The century is not told: 2000 + year has every leap day that 1900 + year has.
  if (!is_date(2000 + year, month > 50 ? month - 50 : month, static_cast<int>(s.number(8, 10)))) return Check::invalid;
  const bool no_first_initial = s[11] == '9';
  if ((s.is_digit(11) && !no_first_initial) || (s.is_digit(12) && s[12] != '9')) return Check::invalid;
  if (no_first_initial && s[12] != '9') return Check::invalid;
  if (is_one_of(s[13], "IOQYZ01") || s.is_digit(14) || s.is_digit(15)) return Check::invalid;
  return Check::plausible;
}

constexpr Validator table[] = {
    {"uk_driving_licence", "DVLA: INF1D, the driver number", uk_driving_licence},
    {"uk_nhs", "NHS Data Dictionary: NHS number, modulus 11", uk_nhs},
    {"uk_nino", "HMRC: National Insurance Manual NIM39110", uk_nino, false},
    {"uk_postcode", "Royal Mail: Programmers' Guide to the Postcode Address File", uk_postcode},
    {"uk_vehicle_registration", "DVLA: INF104, vehicle registration numbers", uk_vehicle_registration},
};

}  // namespace

std::span<const Validator> validators_uk() { return table; }

}  // namespace assay::classify
