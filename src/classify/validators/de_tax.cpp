#include <algorithm>
#include <array>

#include "classify/validators/de_checks.h"
#include "classify/validators/symbols.h"

namespace assay::classify {
namespace {

/// ISO/IEC 7064 hybrid system MOD 11,10 over the digits [begin, end), the last being the check digit.
bool mod_11_10(const Symbols& s, size_t begin, size_t end) noexcept {
  int product = 10;
  for (size_t i = begin; i + 1 < end; ++i) {
    const int sum = (product + s.digit(i)) % 10;
    product = 2 * (sum == 0 ? 10 : sum) % 11;
  }
  return (product + s.digit(end - 1)) % 10 == 1;
}

/// Of the first ten digits one occurs twice or three times, but not three times in a row, and all others once at most.
bool has_issued_digit_counts(const Symbols& s) noexcept {
  std::array<int, 10> counts{};
  for (size_t i = 0; i < 10; ++i) ++counts[static_cast<size_t>(s.digit(i))];
  for (size_t i = 0; i + 2 < 10; ++i)
    if (s[i] == s[i + 1] && s[i] == s[i + 2]) return false;
  return std::ranges::count_if(counts, [](int n) { return n > 1; }) == 1 && std::ranges::max(counts) <= 3;
}

}  // namespace

Check de_tax_id(std::string_view value) noexcept {
  const Symbols s(value);
  // Numbers that begin with zero are made for tests.
  if (s.size() != 11 || !s.all_digits() || s[0] == '0' || !has_issued_digit_counts(s)) return Check::invalid;
  return mod_11_10(s, 0, 11) ? Check::valid : Check::invalid;
}

Check de_vat_id(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || !s.view().starts_with("DE") || !s.digits_in(2, 11) || s[2] == '0') return Check::invalid;
  return mod_11_10(s, 2, 11) ? Check::valid : Check::invalid;
}

}  // namespace assay::classify
