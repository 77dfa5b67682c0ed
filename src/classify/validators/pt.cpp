#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// The first digit or two tell whose it is: persons 1 to 3 and 45, companies 5, public bodies 6, and so on.
bool is_assigned(int two_digits) noexcept {
  switch (two_digits / 10) {
    case 1:
    case 2:
    case 3:
    case 5:
    case 6:
    case 8: return true;
    case 4: return two_digits == 45;
    case 7: return two_digits != 73 && two_digits != 76;
    case 9: return two_digits <= 91 || two_digits >= 98;
    default: return false;
  }
}

/// Modulo 11 with weights 9 to 2; remainders 0 and 1 both give the check digit 0. `PT` may stand before.
Check pt_nif(std::string_view value) noexcept {
  if (value.starts_with("PT") || value.starts_with("pt")) value.remove_prefix(2);
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same()) return Check::invalid;
  if (!is_assigned(static_cast<int>(s.number(0, 2)))) return Check::invalid;
  const int rest = weighted_sum(s, 0, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return (rest < 2 ? 0 : 11 - rest) == s.digit(8) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"pt_nif", "Autoridade Tributaria: NIF, check digit (Decreto-Lei 14/2013)", pt_nif},
};

}  // namespace

std::span<const Validator> validators_pt() { return table; }

}  // namespace assay::classify
