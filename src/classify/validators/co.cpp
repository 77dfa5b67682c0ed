#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Tax number: eight to ten digits and a check modulo 11 over prime weights.
Check co_nit(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 9 || s.size() > 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  constexpr int weights[] = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43};
  int sum = 0;
  for (size_t i = 0; i + 1 < s.size(); ++i) sum += weights[i] * s.digit(s.size() - 2 - i);
  const int rest = sum % 11;
  return (rest < 2 ? rest : 11 - rest) == s.digit(s.size() - 1) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"co_nit", "DIAN: orden administrativa 4 of 1989, NIT", co_nit},
};

}  // namespace

std::span<const Validator> validators_co() { return table; }

}  // namespace assay::classify
