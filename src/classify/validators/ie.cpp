#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Seven digits, a check letter, and since 2013 a second letter that is weighed into the check. The second letters W,
/// T and X of older numbers (wives under their husband's number) weigh nothing.
Check ie_pps(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 8 && s.size() != 9) || !s.digits_in(0, 7) || s.is_digit(7)) return Check::invalid;
  int sum = weighted_sum(s, 0, {8, 7, 6, 5, 4, 3, 2});
  if (s.size() == 9) {
    const char second = s[8];
    if (second >= 'A' && second <= 'I') sum += 9 * (second - 'A' + 1);
    else if (second != 'W' && second != 'T' && second != 'X') return Check::invalid;
  }
  return s.number(0, 7) != 0 && "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == s[7] ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"ie_pps", "Department of Social Protection: Personal Public Service Number", ie_pps},
};

}  // namespace

std::span<const Validator> validators_ie() { return table; }

}  // namespace assay::classify
