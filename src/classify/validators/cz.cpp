#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Birth number of the Czech Republic and Slovakia: date of birth (women: month + 50; since 2004 also + 20 when a day's
/// numbers run out), serial, and a check that makes the ten digits divisible by 11. Nine digits until 1953, unchecked.
Check cz_birth_number(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 9 && s.size() != 10) || s.overflow() || !s.all_digits()) return Check::invalid;
  const int short_year = static_cast<int>(s.number(0, 2));
  const bool is_old = s.size() == 9;
  if (is_old && (short_year > 53 || s.number(6, 9) == 0)) return Check::invalid;
  const int year = short_year + (!is_old && short_year < 54 ? 2000 : 1900);
  int month = static_cast<int>(s.number(2, 4));
  if (month > 50) month -= 50;
  if (month > 20 && year >= 2004) month -= 20;
  if (!is_date(year, month, static_cast<int>(s.number(4, 6)))) return Check::invalid;
  if (is_old) return Check::plausible;
  // Until 1985 a remainder of 10 was written as 0.
  const long long rest = s.number(0, 9) % 11;
  return (rest == 10 && year < 1986 ? 0 : rest) == s.digit(9) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"cz_birth_number", "Act 133/2000 Sb. (CZ), section 13; Act 301/1995 Z.z. (SK)", cz_birth_number},
};

}  // namespace

std::span<const Validator> validators_cz() { return table; }

}  // namespace assay::classify
