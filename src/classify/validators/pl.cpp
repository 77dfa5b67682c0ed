#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// PESEL: date of birth whose month carries the century (+80 for 18xx, +20 for 20xx), serial, check digit.
Check pl_pesel(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  const int month = static_cast<int>(s.number(2, 4));
  const int century = month / 20 == 4 ? 1800 : 1900 + 100 * (month / 20);
  const int year = century + static_cast<int>(s.number(0, 2));
  constexpr int last_year = 2049;  // months of later centuries are defined, and not in use while this table lives
  if (year > last_year || !is_date(year, month % 20, static_cast<int>(s.number(4, 6)))) return Check::invalid;
  const int sum = weighted_sum(s, 0, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1});
  return sum % 10 == 0 ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"pl_pesel", "Act on population registration of 2010, article 15; regulation of 4 January 2012", pl_pesel},
};

}  // namespace

std::span<const Validator> validators_pl() { return table; }

}  // namespace assay::classify
