#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// The first digit is a region (1 to 7) or 9 for temporary residents; 0 and 8 are not given to persons.
Check ca_sin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s[0] == '0' || s[0] == '8' || s.all_same()) return Check::invalid;
  return luhn(s, 0, 9) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"ca_sin", "Employment and Social Development Canada: Social Insurance Number", ca_sin},
};

}  // namespace

std::span<const Validator> validators_ca() { return table; }

}  // namespace assay::classify
