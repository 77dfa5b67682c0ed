#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Taxpayer's card number: five digits that count the days from 31 December 1899 to the birth, serial, check.
Check ua_rnokpp(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits()) return Check::invalid;
  constexpr long long born_in_2050 = 54'788;
  if (s.number(0, 5) == 0 || s.number(0, 5) > born_in_2050) return Check::invalid;
  const int sum = weighted_sum(s, 0, {10, 5, 7, 9, 4, 6, 10, 5, 7});  // 10 stands for -1
  return sum % 11 % 10 == s.digit(9) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"ua_rnokpp", "State Tax Service: registration number of the taxpayer's card", ua_rnokpp},
};

}  // namespace

std::span<const Validator> validators_ua() { return table; }

}  // namespace assay::classify
