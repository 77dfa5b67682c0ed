#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// 13 to 30: never used. 20 and 30 to 42, 50 to 99 stand for births whose month is not known.
bool is_month(long long month) noexcept {
  return (month >= 1 && month <= 12) || month == 20 || (month >= 30 && month <= 42) || month >= 50;
}

/// Sex, year, month, department (2A and 2B for Corsica), commune, rank, and the key of two digits.
Check fr_nir(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 13 && s.size() != 15) || !s.digits_in(0, 6) || !s.digits_in(7, s.size())) return Check::invalid;
  const bool corsica = s[5] == '2' && (s[6] == 'A' || s[6] == 'B');
  if (!s.is_digit(6) && !corsica) return Check::invalid;
  const char sex = s[0];
  if (sex == '0' || sex == '5' || sex == '6' || sex == '9' || !is_month(s.number(3, 5))) return Check::invalid;
  if (!corsica && s.number(5, 7) == 0) return Check::invalid;
  if (s.number(7, 10) == 0 || s.number(10, 13) == 0) return Check::invalid;
  if (s.size() == 13) return Check::plausible;
  // For the key, 2A counts as 19 and 2B as 18.
  const int department = corsica ? (s[6] == 'A' ? 19 : 18) : static_cast<int>(s.number(5, 7));
  const long long number = (s.number(0, 5) * 100 + department) * 1'000'000 + s.number(7, 13);
  return 97 - number % 97 == s.number(13, 15) ? Check::valid : Check::invalid;
}

bool is_siren(const Symbols& s) noexcept { return s.number(0, 9) != 0 && !s.all_same() && luhn(s, 0, 9); }

Check fr_siren(std::string_view value) noexcept {
  const Symbols s(value);
  return s.size() == 9 && s.all_digits() && is_siren(s) ? Check::valid : Check::invalid;
}

/// 20240131123456 and the like.
bool reads_as_time_stamp(const Symbols& s) noexcept {
  return (s.number(0, 2) == 19 || s.number(0, 2) == 20) &&
         is_date(static_cast<int>(s.number(0, 4)), static_cast<int>(s.number(4, 6)),
                 static_cast<int>(s.number(6, 8))) &&
         s.number(8, 10) < 24 && s.number(10, 12) < 60 && s.number(12, 14) < 60;
}

/// A SIREN and the five digits of the establishment, Luhn over all. Offices of La Poste (356 000 000) outgrew the Luhn
/// check: the sum of their digits is a multiple of five.
Check fr_siret(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 14 || !s.all_digits() || !is_siren(s) || s.number(9, 14) == 0) return Check::invalid;
  bool agrees = luhn(s, 0, 14);
  if (!agrees && s.number(0, 9) == 356'000'000)
    agrees = weighted_sum(s, 0, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}) % 5 == 0;
  if (!agrees) return Check::invalid;
  return value.size() == 14 && reads_as_time_stamp(s) ? Check::plausible : Check::valid;
}

constexpr Validator table[] = {
    {"fr_nir", "INSEE: numero d'inscription au repertoire, key modulo 97", fr_nir},
    {"fr_siren", "INSEE: SIREN, Luhn", fr_siren},
    {"fr_siret", "INSEE: SIRET, Luhn and the rule for La Poste", fr_siret},
};

}  // namespace

std::span<const Validator> validators_fr() { return table; }

}  // namespace assay::classify
