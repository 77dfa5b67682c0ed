#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Personal code: date of birth with a digit for the century (0-2), serial, check. Since July 2017 it begins with 32
/// and holds no date.
Check lv_personas_kods(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  if (s.number(0, 2) != 32) {
    if (s.digit(6) > 2) return Check::invalid;
    const int year = 1800 + 100 * s.digit(6) + static_cast<int>(s.number(4, 6));
    if (year > 2049) return Check::invalid;
    if (!is_date(year, static_cast<int>(s.number(2, 4)), static_cast<int>(s.number(0, 2)))) return Check::invalid;
  }
  const int sum = 1 + weighted_sum(s, 0, {10, 5, 8, 4, 2, 1, 6, 3, 7, 9});
  return sum % 11 % 10 == s.digit(10) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"lv_personas_kods", "Cabinet regulation 12 of 2016; PMLP: personas kods", lv_personas_kods},
};

}  // namespace

std::span<const Validator> validators_lv() { return table; }

}  // namespace assay::classify
