#include <initializer_list>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Inland revenue number: 10 to 200 million, check modulo 11, computed again with other weights when it would be ten.
Check nz_ird(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 8 && s.size() != 9) || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  const long long number = s.number(0, s.size());
  if (number < 10'000'000 || number > 200'000'000) return Check::invalid;
  const bool nine = s.size() == 9;
  auto check_with = [&](std::initializer_list<int> eight_weights, int first) {
    const int sum = weighted_sum(s, nine ? 1 : 0, eight_weights) + (nine ? first * s.digit(0) : 0);
    return (11 - sum % 11) % 11;
  };
  int check = check_with({2, 7, 6, 5, 4, 3, 2}, 3);
  if (check == 10) check = check_with({4, 3, 2, 5, 2, 7, 6}, 7);
  return check == s.digit(s.size() - 1) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"nz_ird", "Inland Revenue: RWT and NRWT specification, IRD number validation", nz_ird},
};

}  // namespace

std::span<const Validator> validators_nz() { return table; }

}  // namespace assay::classify
