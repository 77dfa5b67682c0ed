#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Birth number, D number (day + 40) and the synthetic ones of test registers (month + 40, + 65 or + 80): date, serial,
/// two check digits modulo 11.
Check no_fodselsnummer(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits()) return Check::invalid;
  int day = static_cast<int>(s.number(0, 2));
  int month = static_cast<int>(s.number(2, 4));
  if (day > 40) day -= 40;
  if (month > 80) month -= 80;
  else if (month > 65) month -= 65;
  else if (month > 40) month -= 40;
  const int year = 2000 + static_cast<int>(s.number(4, 6));  // 2000 is a leap year, which 1900 is not
  if (!is_date(year, month, day)) return Check::invalid;
  const bool ok = weighted_sum(s, 0, {3, 7, 6, 1, 8, 9, 4, 5, 2, 1}) % 11 == 0 &&
                  weighted_sum(s, 0, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
  return ok ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"no_fodselsnummer", "Population Register Act and regulation of 2017, section 2-2-1", no_fodselsnummer},
};

}  // namespace

std::span<const Validator> validators_no() { return table; }

}  // namespace assay::classify
