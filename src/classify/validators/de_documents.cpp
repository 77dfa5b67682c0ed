#include "classify/validators/de_checks.h"
#include "classify/validators/symbols.h"

namespace assay::classify {
namespace {

bool is_one_of(char c, std::string_view set) noexcept { return set.find(c) != std::string_view::npos; }

/// Weights 7, 3, 1 over the symbols [0, count), letters from A=10.
int icao_check_digit(const Symbols& s, size_t count) noexcept {
  constexpr int weights[] = {7, 3, 1};
  int sum = 0;
  for (size_t i = 0; i < count; ++i) sum += weights[i % 3] * s.value(i);
  return sum % 10;
}

bool has_letter(const Symbols& s, size_t begin, size_t end) noexcept { return !s.digits_in(begin, end); }

/// Nine symbols without vowels and letters that look like digits; in the machine readable zone the check digit and
/// perhaps the nationality D follow. A letter and nine digits are also many other numbers, so that the check digit
/// alone does not make them valid.
Check document_number(std::string_view value, std::string_view first_letters) noexcept {
  const Symbols s(value);
  if (s.size() < 9 || s.size() > 11 || !is_one_of(s[0], first_letters)) return Check::invalid;
  for (size_t i = 1; i < 9; ++i)
    if (!s.is_digit(i) && is_one_of(s[i], "ABDEIOQSU")) return Check::invalid;
  if (s.size() == 9) return Check::plausible;
  if (s.size() == 11 && s[10] != 'D') return Check::invalid;
  if (!s.is_digit(9) || icao_check_digit(s, 9) != s.digit(9)) return Check::invalid;
  return s.size() == 11 || has_letter(s, 1, 9) ? Check::valid : Check::plausible;
}

}  // namespace

Check de_id_card(std::string_view value) noexcept { return document_number(value, "LMNPRTVWXY"); }

Check de_passport(std::string_view value) noexcept { return document_number(value, "CFGHJK"); }

/// Office (four), serial number (five), check digit modulo 11 with X for ten, number of the issue.
Check de_fuehrerschein(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.is_digit(0) || !s.digits_in(1, 3)) return Check::invalid;
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) sum += static_cast<int>(9 - i) * s.value(i);
  const int rest = sum % 11;
  if (s[9] != (rest == 10 ? 'X' : static_cast<char>('0' + rest))) return Check::invalid;
  return has_letter(s, 3, 9) ? Check::valid : Check::plausible;
}

}  // namespace assay::classify
