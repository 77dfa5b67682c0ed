#include <algorithm>

#include "classify/validators/checksums.h"
#include "classify/validators/global_checks.h"

namespace assay::classify::global {
namespace {

/// Reporting body identifiers, the first two digits of a type allocation code (GSMA TS.06, present and past bodies).
bool is_reporting_body(long long id) {
  switch (id) {
    case 1:
    case 10:
    case 30:
    case 33:
    case 35:
    case 44:
    case 45:
    case 49:
    case 50:
    case 51:
    case 52:
    case 53:
    case 54:
    case 86:
    case 91:
    case 98:
    case 99: return true;
    default: return false;
  }
}

/// The decimal value that 49 CFR 565.15 table III gives to a character.
int vin_value(char c) {
  if (c <= '9') return c - '0';
  constexpr std::string_view letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  constexpr std::string_view values = "12345678123457923456789";
  return values[letters.find(c)] - '0';
}

}  // namespace

Check imei(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 15 || !s.all_digits() || !luhn(s, 0, 15)) return Check::invalid;
  if (s.number(2, 8) == 0 || s.number(8, 14) == 0) return Check::invalid;
  return is_reporting_body(s.number(0, 2)) ? Check::valid : Check::invalid;
}

Check vin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 17 || value.size() != 17 || s.all_digits()) return Check::invalid;
  if (std::ranges::any_of(s.view(), [](char c) { return c == 'I' || c == 'O' || c == 'Q'; })) return Check::invalid;
  if (!s.digits_in(13, 17) || s.number(13, 17) == 0) return Check::invalid;  // the serial number ends the identifier
  constexpr int weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) sum += weights[i] * vin_value(s[i]);
  const int rest = sum % 11;
  if (s[8] == (rest == 10 ? 'X' : static_cast<char>('0' + rest))) return Check::valid;
  // Only North America (1-5) and China (L) require the check digit; elsewhere the ninth place is the maker's own.
  const bool required = (s[0] >= '1' && s[0] <= '5') || s[0] == 'L';
  return required || s[0] == '0' ? Check::invalid : Check::plausible;
}

}  // namespace assay::classify::global
