#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// The ISO 3166 number of Switzerland, nine random digits, and the check digit of an EAN-13.
Check ch_ahv(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || !s.all_digits() || s.number(0, 3) != 756) return Check::invalid;
  return (weighted_sum(s, 0, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3}) + s.digit(12)) % 10 == 0 ? Check::valid
                                                                                            : Check::invalid;
}

constexpr Validator table[] = {
    {"ch_ahv", "Zentrale Ausgleichsstelle: AHV number (NAVS13)", ch_ahv},
};

}  // namespace

std::span<const Validator> validators_ch() { return table; }

}  // namespace assay::classify
