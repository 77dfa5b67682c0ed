#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Identity number: date of birth, four digits that tell the sex, citizenship (0 citizen, 1 permanent resident,
/// 2 refugee), a digit that is 8 or 9 since the 1980s, and Luhn.
Check za_id_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || s.overflow() || !s.all_digits()) return Check::invalid;
  const int year = 2000 + static_cast<int>(s.number(0, 2));  // 2000 is a leap year, which 1900 is not
  if (!is_date(year, static_cast<int>(s.number(2, 4)), static_cast<int>(s.number(4, 6)))) return Check::invalid;
  if (s.digit(10) > 2 || !luhn(s, 0, 13)) return Check::invalid;
  return s.digit(11) >= 8 ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"za_id_number", "Identification Act 68 of 1997; Department of Home Affairs: ID number", za_id_number},
};

}  // namespace

std::span<const Validator> validators_za() { return table; }

}  // namespace assay::classify
