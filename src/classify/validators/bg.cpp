#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Uniform civil number: date of birth (month + 20 before 1900, + 40 from 2000), serial, check modulo 11.
Check bg_egn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits()) return Check::invalid;
  int year = static_cast<int>(s.number(0, 2));
  int month = static_cast<int>(s.number(2, 4));
  if (month > 40) {
    year += 2000;
    month -= 40;
  } else if (month > 20) {
    year += 1800;
    month -= 20;
  } else {
    year += 1900;
  }
  if (year > 2049 || !is_date(year, month, static_cast<int>(s.number(4, 6)))) return Check::invalid;
  return weighted_sum(s, 0, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == s.digit(9) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"bg_egn", "Civil Registration Act, article 11; GRAO: EGN", bg_egn},
};

}  // namespace

std::span<const Validator> validators_bg() { return table; }

}  // namespace assay::classify
