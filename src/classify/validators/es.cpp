#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

constexpr char control_letter(long long number) noexcept { return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]; }

/// Eight digits and a letter (seven when a leading zero was left out), or K, L or M, seven digits and a letter for
/// persons who have no identity card.
Check es_nif(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 8 && s.size() != 9) || s.is_digit(s.size() - 1)) return Check::invalid;
  const size_t last = s.size() - 1;
  const size_t first = s[0] == 'K' || s[0] == 'L' || s[0] == 'M' ? 1 : 0;
  if ((first == 1 && s.size() != 9) || !s.digits_in(first, last)) return Check::invalid;
  const long long number = s.number(first, last);
  return number != 0 && control_letter(number) == s[last] ? Check::valid : Check::invalid;
}

/// X, Y or Z, which count as the digits 0, 1 and 2, seven digits and the control letter.
Check es_nie(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || s[0] < 'X' || s[0] > 'Z' || !s.digits_in(1, 8) || s.is_digit(8)) return Check::invalid;
  const long long number = (s[0] - 'X') * 10'000'000LL + s.number(1, 8);
  return control_letter(number) == s[8] ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"es_nie", "Ministerio del Interior: NIE, control letter (RD 557/2011)", es_nie},
    {"es_nif", "Ministerio del Interior: DNI, control letter (RD 1553/2005); RD 1065/2007 for K, L, M", es_nif},
};

}  // namespace

std::span<const Validator> validators_es() { return table; }

}  // namespace assay::classify
