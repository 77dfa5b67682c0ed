#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Business registration number 3-2-5: the middle group is the kind of business, the last digit the check.
Check kr_brn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.overflow() || !s.all_digits()) return Check::invalid;
  if (s.number(0, 3) < 101 || s.number(3, 5) == 0 || s.number(5, 9) == 0) return Check::invalid;
  const int sum = weighted_sum(s, 0, {1, 3, 7, 1, 3, 7, 1, 3, 5}) + s.digit(8) * 5 / 10;
  return (10 - sum % 10) % 10 == s.digit(9) ? Check::valid : Check::invalid;
}

/// Region of issue, year, serial, check; how the check is computed is not published.
Check kr_driver_license(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 12 || s.overflow() || !s.all_digits()) return Check::invalid;
  const long long region = s.number(0, 2);
  if (region < 11 || region > 28 || region == 27 || s.number(4, 10) == 0) return Check::invalid;
  return Check::plausible;
}

/// Date of birth and the seventh digit, which tells century, sex and whether a foreigner.
bool is_birth(const Symbols& s) noexcept {
  constexpr int last_year = 2049;  // a later one is another kind of number, for as long as this table lives
  constexpr int centuries[] = {1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800};
  const int year = centuries[s.digit(6)] + static_cast<int>(s.number(0, 2));
  return year <= last_year && is_date(year, static_cast<int>(s.number(2, 4)), static_cast<int>(s.number(4, 6)));
}

int resident_sum(const Symbols& s) noexcept { return weighted_sum(s, 0, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}); }

/// Resident registration number. Since October 2020 the digits after the seventh are random, so a failing check
/// does not speak against it.
Check kr_rrn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || s.overflow() || !s.all_digits()) return Check::invalid;
  if ((s.digit(6) >= 5 && s.digit(6) <= 8) || !is_birth(s)) return Check::invalid;
  return (11 - resident_sum(s) % 11) % 10 == s.digit(12) ? Check::valid : Check::plausible;
}

/// Foreigner registration number: as a resident's with a check that is two higher; random since October 2020 too.
Check kr_frn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || s.overflow() || !s.all_digits()) return Check::invalid;
  if (s.digit(6) < 5 || s.digit(6) > 8 || !is_birth(s)) return Check::invalid;
  return (13 - resident_sum(s) % 11) % 10 == s.digit(12) ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"kr_brn", "National Tax Service: business registration number", kr_brn},
    {"kr_driver_license", "Road Traffic Act, enforcement rules: licence number", kr_driver_license, false},
    {"kr_frn", "Immigration Act, enforcement rules: registration number of foreigners", kr_frn},
    {"kr_rrn", "Resident Registration Act, enforcement rules, article 2", kr_rrn},
};

}  // namespace

std::span<const Validator> validators_kr() { return table; }

}  // namespace assay::classify
