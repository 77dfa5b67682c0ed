#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// National identification number: eleven digits without meaning. The issuer publishes no check.
Check ng_nin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  bool counts_up = true;
  for (size_t i = 1; i < s.size(); ++i) counts_up = counts_up && s.digit(i) == (s.digit(i - 1) + 1) % 10;
  return counts_up ? Check::invalid : Check::plausible;
}

/// Local government area (three letters), serial 001-999, batch (two letters).
Check ng_vehicle_registration(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 8 || !s.digits_in(3, 6) || s.number(3, 6) == 0) return Check::invalid;
  for (size_t i : {0, 1, 2, 6, 7})
    if (s.is_digit(i)) return Check::invalid;
  return Check::plausible;
}

constexpr Validator table[] = {
    {"ng_nin", "National Identity Management Commission: NIN", ng_nin, false},
    {"ng_vehicle_registration", "Federal Road Safety Corps: National Vehicle Identification Scheme",
     ng_vehicle_registration},
};

}  // namespace

std::span<const Validator> validators_ng() { return table; }

}  // namespace assay::classify
