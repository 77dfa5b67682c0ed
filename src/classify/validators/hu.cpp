#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Tax identification of a person: 8, five digits that count the days from 1 January 1867 to the birth, a serial, and
/// a check modulo 11 (serials that would give 10 are left out).
Check hu_tax_id(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits() || s[0] != '8') return Check::invalid;
  constexpr long long born_in_1900 = 12'053;
  constexpr long long born_in_2050 = 66'839;
  if (s.number(1, 6) < born_in_1900 || s.number(1, 6) > born_in_2050) return Check::invalid;
  return weighted_sum(s, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9}) % 11 == s.digit(9) ? Check::valid : Check::invalid;
}

/// Social insurance number (TAJ): weights 3 and 7 by turns, modulo 10.
Check hu_taj(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || s.overflow() || !s.all_digits() || s.number(0, 8) == 0) return Check::invalid;
  return weighted_sum(s, 0, {3, 7, 3, 7, 3, 7, 3, 7}) % 10 == s.digit(8) ? Check::valid : Check::invalid;
}

/// Personal identifier: sex and century, date of birth, serial, check modulo 11 whose weights run the other way for
/// those born from 1997 on.
Check hu_personal_id(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s[0] < '1' || s[0] > '4') return Check::invalid;
  const int year = (s.digit(0) < 3 ? 1900 : 2000) + static_cast<int>(s.number(1, 3));
  if (year > 2049) return Check::invalid;
  if (!is_date(year, static_cast<int>(s.number(3, 5)), static_cast<int>(s.number(5, 7)))) return Check::invalid;
  const int sum = year < 1997 ? weighted_sum(s, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
                              : weighted_sum(s, 0, {10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  return sum % 11 == s.digit(10) ? Check::valid : Check::invalid;
}

/// Tax number of a business: eight digits whose last is a check, VAT code 1-5, tax office.
Check hu_business_tax_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same() || s.number(0, 7) == 0) return Check::invalid;
  if (s.digit(8) < 1 || s.digit(8) > 5) return Check::invalid;
  const long long office = s.number(9, 11);
  if (!((office >= 2 && office <= 20) || (office >= 22 && office <= 44) || office == 51)) return Check::invalid;
  return weighted_sum(s, 0, {9, 7, 3, 1, 9, 7, 3, 1}) % 10 == 0 ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"hu_business_tax_number", "Act CL of 2017 on taxation, annex: tax number", hu_business_tax_number},
    {"hu_personal_id", "Act XX of 1996 on identification, annex: personal identifier", hu_personal_id},
    {"hu_taj", "Act XX of 1996 on identification, annex: TAJ", hu_taj},
    {"hu_tax_id", "Act XX of 1996 on identification, annex: tax identification mark", hu_tax_id},
};

}  // namespace

std::span<const Validator> validators_hu() { return table; }

}  // namespace assay::classify
