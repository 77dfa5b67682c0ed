#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Civil registration number: date of birth, a digit that with the year tells the century, serial. The check modulo 11
/// is not kept since October 2007 on days whose numbers ran out.
Check dk_cpr(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits()) return Check::invalid;
  const int short_year = static_cast<int>(s.number(4, 6));
  const int seventh = s.digit(6);
  int year = 1900 + short_year;
  if (seventh == 4 || seventh == 9) {
    if (short_year <= 36) year += 100;
  } else if (seventh >= 5) {
    year += short_year <= 57 ? 100 : -100;
  }
  if (!is_date(year, static_cast<int>(s.number(2, 4)), static_cast<int>(s.number(0, 2)))) return Check::invalid;
  return weighted_sum(s, 0, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0 ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"dk_cpr", "CPR-kontoret: Personnummeret i CPR-systemet", dk_cpr},
};

}  // namespace

std::span<const Validator> validators_dk() { return table; }

}  // namespace assay::classify
