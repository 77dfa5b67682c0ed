#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Tax registration number: powers of two, modulo 11, ten counts as zero.
Check gr_afm(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || s.overflow() || !s.all_digits() || s.number(0, 8) == 0) return Check::invalid;
  return weighted_sum(s, 0, {256, 128, 64, 32, 16, 8, 4, 2}) % 11 % 10 == s.digit(8) ? Check::valid : Check::invalid;
}

/// Social security number: date of birth, serial, Luhn.
Check gr_amka(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits()) return Check::invalid;
  const int year = 2000 + static_cast<int>(s.number(4, 6));  // 2000 is a leap year, which 1900 is not
  if (!is_date(year, static_cast<int>(s.number(2, 4)), static_cast<int>(s.number(0, 2)))) return Check::invalid;
  return luhn(s, 0, 11) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"gr_afm", "AADE: tax registration number (AFM)", gr_afm},
    {"gr_amka", "Law 3655/2008, article 153: AMKA", gr_amka},
};

}  // namespace

std::span<const Validator> validators_gr() { return table; }

}  // namespace assay::classify
