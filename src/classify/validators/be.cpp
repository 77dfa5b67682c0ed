#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// The bis register, for persons not resident, adds 20 or 40 to the month. A part of the birthday that is not known is
/// written as zero.
bool is_birthday(int year, int month, int day) noexcept {
  month %= 20;
  if (month > 12 || day > 31) return false;
  return month == 0 || day == 0 || is_date(year, month, day);
}

/// YYMMDD, a serial number, and 97 less the nine digits modulo 97; a 2 stands before them for births from 2000 on.
Check be_national_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || !s.all_digits()) return Check::invalid;
  const int year = static_cast<int>(s.number(0, 2));
  const int month = static_cast<int>(s.number(2, 4));
  const int day = static_cast<int>(s.number(4, 6));
  if (month >= 60 || s.number(6, 9) == 0 || s.number(6, 9) == 999) return Check::invalid;
  const bool bare = value.size() == 11;
  if (bare && (month % 20 == 0 || day == 0)) return Check::invalid;  // too many ordinary numbers are so
  const auto matches = [&](int century, long long number) {
    return is_birthday(century + year, month, day) && 97 - number % 97 == s.number(9, 11);
  };
  const long long number = s.number(0, 9);
  return matches(1900, number) || matches(2000, 2'000'000'000LL + number) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"be_national_number", "Registre national: identification number (Royal Decree of 3 April 1984)",
     be_national_number},
};

}  // namespace

std::span<const Validator> validators_be() { return table; }

}  // namespace assay::classify
