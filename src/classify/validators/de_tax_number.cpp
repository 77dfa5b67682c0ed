#include <algorithm>
#include <array>

#include "classify/validators/de_checks.h"
#include "classify/validators/symbols.h"

namespace assay::classify {
namespace {

/// The first twelve digits of the uniform number: four for the tax office, 0, three for the district and four for the
/// case (in North Rhine-Westphalia four and three). The thirteenth is the check digit.
using Twelve = std::array<int, 12>;

int sum_of(const Twelve& digits, const Twelve& factors) noexcept {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += digits[i] * factors[i];
  return sum;
}

/// 11er-Verfahren: what is missing to a multiple of 11; 10 is never issued.
int by_eleven(const Twelve& digits, const Twelve& factors) noexcept { return (11 - sum_of(digits, factors) % 11) % 11; }

/// 11er-Verfahren as North Rhine-Westphalia has it: the rest itself.
int by_rest_of_eleven(const Twelve& digits) noexcept {
  return sum_of(digits, {0, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1}) % 11;
}

int digit_sum(int number) noexcept {
  while (number > 9) number = number / 1000 + number / 100 % 10 + number / 10 % 10 + number % 10;
  return number;
}

/// 2er-Verfahren: to each digit its place is added, the last digit of that is multiplied by a power of two, and the
/// digit sums of the products are added.
int by_two(const Twelve& digits) noexcept {
  constexpr Twelve added = {0, 0, 9, 8, 0, 7, 6, 5, 4, 3, 2, 1};
  constexpr Twelve factors = {0, 0, 512, 256, 0, 128, 64, 32, 16, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += digit_sum((digits[i] + added[i]) % 10 * factors[i]);
  return (10 - sum % 10) % 10;
}

/// Modifiziertes 11er-Verfahren, in spite of its name modulo 10: factors 1 and 2 by turns, digit sums of the products.
int by_one_and_two(const Twelve& digits) noexcept {
  constexpr Twelve factors = {0, 0, 1, 2, 0, 1, 2, 1, 2, 1, 2, 1};
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += digit_sum(digits[i] * factors[i]);
  return (10 - sum % 10) % 10;
}

constexpr Twelve bavarian = {0, 5, 4, 3, 0, 2, 7, 6, 5, 4, 3, 2};
constexpr Twelve hanseatic = {0, 0, 4, 3, 0, 2, 7, 6, 5, 4, 3, 2};
constexpr Twelve lower_saxon = {0, 0, 2, 9, 0, 8, 7, 6, 5, 4, 3, 2};
constexpr Twelve berlin_a = {0, 0, 0, 0, 0, 7, 6, 5, 8, 4, 3, 2};
constexpr Twelve berlin_b = lower_saxon;

/// No district is called 000, 998 or 999; those of the states that compute as Bavaria does begin at 100.
bool has_district(const Twelve& digits, int least) noexcept {
  const int district = digits[5] * 100 + digits[6] * 10 + digits[7];
  return district >= least && district < 998;
}

/// North Rhine-Westphalia: four digits for the district, and case and check digit above 9.
bool has_district_of_four(const Twelve& digits) noexcept {
  const int district = digits[5] * 1000 + digits[6] * 100 + digits[7] * 10 + digits[8];
  return district != 0 && district != 998 && district != 999 && (digits[9] != 0 || digits[10] != 0);
}

bool is_issued(const Twelve& digits, int check) noexcept {
  constexpr int bavarian_least = 100;
  if (digits[0] == 5) return has_district_of_four(digits) && by_rest_of_eleven(digits) == check;
  if (digits[0] == 9) return has_district(digits, bavarian_least) && by_eleven(digits, bavarian) == check;
  switch (digits[0] * 10 + digits[1]) {
    case 10:  // Saarland
    case 30:  // Brandenburg
    case 31:  // Saxony-Anhalt
    case 32:  // Saxony
    case 40:  // Mecklenburg-Western Pomerania
    case 41:  // Thuringia
      return has_district(digits, bavarian_least) && by_eleven(digits, bavarian) == check;
    case 21:  // Schleswig-Holstein
    case 26:  // Hesse
    case 28:  // Baden-Wuerttemberg
      return has_district(digits, 1) && by_two(digits) == check;
    case 22:  // Hamburg
    case 24:  // Bremen
      return has_district(digits, 1) && by_eleven(digits, hanseatic) == check;
    case 23:  // Lower Saxony
      return has_district(digits, 1) && by_eleven(digits, lower_saxon) == check;
    case 27:  // Rhineland-Palatinate
      return has_district(digits, 1) && by_one_and_two(digits) == check;
    case 11:  // Berlin: which of the two holds depends on the office and district, in a list that changes
      return has_district(digits, 1) && (by_eleven(digits, berlin_a) == check || by_eleven(digits, berlin_b) == check);
    default: return false;
  }
}

/// The uniform number begins with the digits of the state and goes on with `s` from `skipped` on.
bool is_issued_by(const Symbols& s, int first, int second, size_t skipped) noexcept {
  Twelve digits{};
  size_t at = 0;
  digits[at++] = first;
  if (second >= 0) digits[at++] = second;
  for (size_t i = skipped; at < 12; ++i) {
    if (at == 4) ++at;
    digits[at++] = s.digit(i);
  }
  return is_issued(digits, s.digit(s.size() - 1));
}

/// Ten digits: the office's two, three for the district, five. Seven states write so.
bool is_short_form(const Symbols& s) noexcept {
  constexpr int states[] = {11, 21, 22, 23, 24, 26, 27, 28};
  return std::ranges::any_of(states, [&](int state) { return is_issued_by(s, state / 10, state % 10, 0); });
}

/// Eleven digits: three for the office, three for the district, five. Bavaria's have any, those of the other states
/// begin with what tells the state from its neighbour: 0 in Hesse, Brandenburg, Mecklenburg and the Saarland, 1 in
/// Saxony-Anhalt and Thuringia, 2 in Saxony.
bool is_long_form(const Symbols& s) noexcept {
  if (is_issued_by(s, 9, -1, 0)) return true;
  switch (s.digit(0)) {
    case 0:
      return is_issued_by(s, 1, 0, 1) || is_issued_by(s, 2, 6, 1) || is_issued_by(s, 3, 0, 1) ||
             is_issued_by(s, 4, 0, 1);
    case 1: return is_issued_by(s, 3, 1, 1) || is_issued_by(s, 4, 1, 1);
    case 2: return is_issued_by(s, 3, 2, 1);
    default: return false;
  }
}

}  // namespace

/// The uniform thirteen digits name the state, and so do two of the printed forms: 133/8150/8159 is written in North
/// Rhine-Westphalia, 93815/08152 in Baden-Wuerttemberg. There the check digit is as good as its word. The other forms
/// are those of several states: a number is plausible when it is right in one of them.
/// Methods and factors: Bavarian State Office for Taxes, "Pruefung der Steuer- und Steueridentifikationsnummer"
/// (ELSTER), chapters 4 to 7.
Check de_tax_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.overflow() || s.size() < 10 || !s.all_digits() || s.all_same()) return Check::invalid;
  const auto verdict = [](bool right, Check when_right) { return right ? when_right : Check::invalid; };
  if (s.size() == 13) {
    if (s[4] != '0') return Check::invalid;
    Twelve digits{};
    for (size_t i = 0; i < 12; ++i) digits[i] = s.digit(i);
    return verdict(is_issued(digits, s.digit(12)), Check::valid);
  }
  const bool grouped = value.size() > s.size();
  if (s.size() == 10) {
    if (grouped && value.size() == 11 && value[5] == '/') return verdict(is_issued_by(s, 2, 8, 0), Check::valid);
    return verdict(is_short_form(s), Check::plausible);
  }
  if (s.size() != 11) return Check::invalid;
  const bool westphalian = grouped && value.size() == 13 && value[8] == value[3];
  if (westphalian) return verdict(is_issued_by(s, 5, -1, 0), Check::valid);
  return verdict(is_long_form(s) || (!grouped && is_issued_by(s, 5, -1, 0)), Check::plausible);
}

}  // namespace assay::classify
