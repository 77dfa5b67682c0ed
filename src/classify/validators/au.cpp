#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

Check au_abn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || !s.all_digits() || s[0] == '0') return Check::invalid;
  if (s.number(2, 11) == 0) return Check::invalid;  // ten thousand million fits the check
  // The first digit counts one less than it is.
  const int sum = weighted_sum(s, 0, {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19}) - 10;
  return sum % 89 == 0 ? Check::valid : Check::invalid;
}

Check au_acn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same()) return Check::invalid;
  return (weighted_sum(s, 0, {8, 7, 6, 5, 4, 3, 2, 1}) + s.digit(8)) % 10 == 0 ? Check::valid : Check::invalid;
}

Check au_tfn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same()) return Check::invalid;
  return weighted_sum(s, 0, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0 ? Check::valid : Check::invalid;
}

/// Eight digits, their check digit, the issue of the card, and perhaps the holder's place on it.
Check au_medicare(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 10 && s.size() != 11) || !s.all_digits()) return Check::invalid;
  if (s[0] < '2' || s[0] > '6' || s[9] == '0') return Check::invalid;
  return weighted_sum(s, 0, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == s.digit(8) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"au_abn", "Australian Business Register: format of the ABN", au_abn},
    {"au_acn", "ASIC: Australian Company Number digit check", au_acn},
    {"au_medicare", "Services Australia: Medicare card number, check digit", au_medicare},
    {"au_tfn", "Australian Taxation Office: TFN algorithm", au_tfn},
};

}  // namespace

std::span<const Validator> validators_au() { return table; }

}  // namespace assay::classify
