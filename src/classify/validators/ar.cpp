#include <algorithm>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// CUIT, CUIL and CDI: kind of holder, document or company number, check digit modulo 11. Where the check would be 10
/// the issuer takes another prefix.
Check ar_cuit(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits()) return Check::invalid;
  constexpr int prefixes[] = {20, 23, 24, 25, 26, 27, 30, 33, 34, 50, 51, 55};
  if (!std::ranges::binary_search(prefixes, static_cast<int>(s.number(0, 2)))) return Check::invalid;
  if (s.number(2, 10) == 0) return Check::invalid;
  const int sum = weighted_sum(s, 0, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1});
  return sum % 11 == 0 ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"ar_cuit", "AFIP (ARCA), general resolution 10/1997: CUIT", ar_cuit},
};

}  // namespace

std::span<const Validator> validators_ar() { return table; }

}  // namespace assay::classify
