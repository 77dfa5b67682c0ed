#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Social insurance number: serial from 100, check digit, date of birth. When a day's serials run out the month is 13
/// or higher.
Check at_svnr(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits() || s[0] == '0') return Check::invalid;
  const int month = static_cast<int>(s.number(6, 8));
  const int day = static_cast<int>(s.number(4, 6));
  if (month < 1 || month > 15 || day < 1 || day > 31) return Check::invalid;
  const int year = 2000 + static_cast<int>(s.number(8, 10));  // 2000 is a leap year, which 1900 is not
  if (month <= 12 && !is_date(year, month, day)) return Check::invalid;
  const int rest = weighted_sum(s, 0, {3, 7, 9, 0, 5, 8, 4, 2, 1, 6}) % 11;
  return rest == s.digit(3) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"at_svnr", "ASVG section 460d; Dachverband: Versicherungsnummer", at_svnr},
};

}  // namespace

std::span<const Validator> validators_at() { return table; }

}  // namespace assay::classify
