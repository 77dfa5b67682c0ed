#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Individual number ("My Number"): eleven digits and a check digit modulo 11.
Check jp_my_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 12 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  const int rest = weighted_sum(s, 0, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return (rest <= 1 ? 0 : 11 - rest) == s.digit(11) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"jp_my_number", "Ministry of Internal Affairs and Communications, ordinance 85 of 2014, article 5", jp_my_number},
};

}  // namespace

std::span<const Validator> validators_jp() { return table; }

}  // namespace assay::classify
