#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Twelve bare digits that read as 2000-2049 and a time of day are as often a time stamp as a person.
bool reads_as_time_stamp(std::string_view value, const Symbols& s) noexcept {
  return value.size() == 12 && s.number(0, 2) == 20 && s.number(8, 10) < 24 && s.number(10, 12) < 60;
}

/// Personal identity number, ten digits or twelve with the century, and the coordination number whose day is 60 higher.
Check se_personnummer(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 10 && s.size() != 12) || !s.all_digits()) return Check::invalid;
  const size_t at = s.size() - 10;
  const int century = at == 0 ? 20 : static_cast<int>(s.number(0, 2));
  if (century < 18 || century > 20) return Check::invalid;
  const int year = century * 100 + static_cast<int>(s.number(at, at + 2));
  const int day = static_cast<int>(s.number(at + 4, at + 6));
  if (at == 2 && year > 2049) return Check::invalid;
  if (!is_date(year, static_cast<int>(s.number(at + 2, at + 4)), day > 60 ? day - 60 : day)) return Check::invalid;
  if (!luhn(s, at, s.size())) return Check::invalid;
  return reads_as_time_stamp(value, s) ? Check::plausible : Check::valid;
}

/// Organisation number: the first digit is the kind of body (4 and 0 are not given), the third at least 2 so that it
/// never looks like a date. In twelve digits it is preceded by 16.
Check se_organisationsnummer(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 10 && s.size() != 12) || !s.all_digits()) return Check::invalid;
  const size_t at = s.size() - 10;
  if (at == 2 && s.number(0, 2) != 16) return Check::invalid;
  if (s[at] == '0' || s[at] == '4' || s.digit(at + 2) < 2) return Check::invalid;
  return luhn(s, at, s.size()) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"se_organisationsnummer", "Swedish Tax Agency, SKV 709; Act 1974:174", se_organisationsnummer},
    {"se_personnummer", "Swedish Tax Agency, SKV 704 and SKV 707; Act 1991:481, section 18", se_personnummer},
};

}  // namespace

std::span<const Validator> validators_se() { return table; }

}  // namespace assay::classify
