#include <algorithm>

#include "classify/validators/checksums.h"
#include "classify/validators/global_checks.h"
#include "classify/validators/iso_countries.h"

namespace assay::classify::global {
namespace {

bool is_issuing_region(std::string_view prefix) {
  // Beside countries: international (XS), the European Union, and the agencies' own prefixes (ISO 6166 annex).
  constexpr std::string_view others[] = {"XS", "EU", "EZ", "XA", "XB", "XC", "XD", "XF", "QS", "QT", "QY", "AN"};
  return is_iso_country(prefix[0], prefix[1]) || std::ranges::find(others, prefix) != std::end(others);
}

}  // namespace

Check isin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 12 || !s.is_digit(11) || !is_issuing_region(s.view().substr(0, 2))) return Check::invalid;
  // Words and identifiers of letters alone are not worth a one-in-ten check.
  if (std::ranges::count_if(s.view(), [](char c) { return c <= '9'; }) < 3) return Check::invalid;
  int sum = 0;
  bool twice = false;
  const auto add = [&](int d) {
    sum += twice ? 2 * d - (d > 4 ? 9 : 0) : d;
    twice = !twice;
  };
  for (size_t i = s.size(); i-- > 0;) {
    const int v = s.value(i);
    add(v % 10);
    if (v > 9) add(v / 10);
  }
  return sum % 10 == 0 ? Check::valid : Check::invalid;
}

Check bic(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != value.size() || (s.size() != 8 && s.size() != 11)) return Check::invalid;
  for (size_t i = 0; i < 6; ++i)
    if (s.is_digit(i)) return Check::invalid;
  if (!is_iso_country(s[4], s[5])) return Check::invalid;
  // ISO 9362: the location code has neither 0 nor 1 in front, and O as its second character is not issued.
  if (s[6] == '0' || s[6] == '1' || s[7] == 'O') return Check::invalid;
  return Check::plausible;
}

}  // namespace assay::classify::global
