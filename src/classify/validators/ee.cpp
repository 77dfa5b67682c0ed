#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Personal code of Estonia and Lithuania: sex and century, date of birth, serial, and a check modulo 11 that is
/// computed again with other weights when it would be ten.
Check personal_code(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s[0] < '1' || s[0] > '6') return Check::invalid;
  const int year = 1800 + (s.digit(0) - 1) / 2 * 100 + static_cast<int>(s.number(1, 3));
  if (year > 2049) return Check::invalid;
  if (!is_date(year, static_cast<int>(s.number(3, 5)), static_cast<int>(s.number(5, 7)))) return Check::invalid;
  int rest = weighted_sum(s, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
  if (rest == 10) rest = weighted_sum(s, 0, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
  return rest == s.digit(10) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"ee_isikukood", "EVS 585:2007", personal_code},
    {"lt_asmens_kodas", "Law on the population register (LT), article 8", personal_code},
};

}  // namespace

std::span<const Validator> validators_ee() { return table; }

}  // namespace assay::classify
