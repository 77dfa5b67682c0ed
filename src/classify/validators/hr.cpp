#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Personal identification number: ISO 7064 MOD 11,10.
Check hr_oib(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  int product = 10;
  for (size_t i = 0; i < 10; ++i) {
    const int sum = (product + s.digit(i)) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (11 - product) % 10 == s.digit(10) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"hr_oib", "Act on the personal identification number (NN 60/08); ISO 7064 MOD 11,10", hr_oib},
};

}  // namespace

std::span<const Validator> validators_hr() { return table; }

}  // namespace assay::classify
