#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Personal numeric code: sex and century, date of birth, county, serial, check modulo 11.
Check ro_cnp(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || s.overflow() || !s.all_digits() || s[0] == '0') return Check::invalid;
  constexpr int centuries[] = {0, 1900, 1900, 1800, 1800, 2000, 2000, 2000, 2000, 1900};  // 7-9: residents, by decree
  const int year = centuries[s.digit(0)] + static_cast<int>(s.number(1, 3));
  const bool is_resident = s[0] == '7' || s[0] == '8';
  if (!is_resident && year > 2049) return Check::invalid;
  if (!is_date(year, static_cast<int>(s.number(3, 5)), static_cast<int>(s.number(5, 7)))) return Check::invalid;
  const long long county = s.number(7, 9);
  if (!((county >= 1 && county <= 48) || county == 51 || county == 52 || county == 70)) return Check::invalid;
  const int rest = weighted_sum(s, 0, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
  if ((rest == 10 ? 1 : rest) != s.digit(12)) return Check::invalid;
  return is_ean13(s) ? Check::plausible : Check::valid;  // of both kinds, article numbers are far more common
}

constexpr Validator table[] = {
    {"ro_cnp", "Law 105/1996; Government decision 1375/2006: CNP", ro_cnp},
};

}  // namespace

std::span<const Validator> validators_ro() { return table; }

}  // namespace assay::classify
