#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Verhoeff's check over the dihedral group D5 (J. Verhoeff, Error Detecting Decimal Codes, 1969). The group is
/// computed: 0-4 are rotations, 5-9 reflections.
constexpr int dihedral_product(int a, int b) noexcept {
  const int rotation = a < 5 ? (a + b) % 5 : (a - b + 10) % 5;
  return (a < 5) == (b < 5) ? rotation : rotation + 5;
}

constexpr bool verhoeff(const Symbols& s) noexcept {
  constexpr std::array<int, 10> permutation = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  int check = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    int d = s.digit(s.size() - 1 - i);
    for (size_t times = 0; times < i % 8; ++times) d = permutation[static_cast<size_t>(d)];
    check = dihedral_product(check, d);
  }
  return check == 0;
}

/// Aadhaar: 12 digits, no leading 0 or 1, never a palindrome, the last a Verhoeff digit.
Check in_aadhaar(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 12 || s.overflow() || !s.all_digits() || s.digit(0) < 2) return Check::invalid;
  bool palindrome = true;
  for (size_t i = 0; i < 6; ++i) palindrome = palindrome && s[i] == s[11 - i];
  if (palindrome || !verhoeff(s)) return Check::invalid;
  return climbs_by_fours(s) ? Check::plausible : Check::valid;
}

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

/// Five letters of which the fourth names the kind of holder, a number from 0001, a letter.
bool is_pan(const Symbols& s, size_t at) noexcept {
  constexpr std::string_view holder_types = "ABCEFGHJKLPT";
  if (s.size() < at + 10 || !s.digits_in(at + 5, at + 9) || s.number(at + 5, at + 9) == 0) return false;
  for (size_t i = 0; i < 5; ++i)
    if (!is_upper(s[at + i])) return false;
  return is_upper(s[at + 9]) && holder_types.contains(s[at + 3]);
}

/// Permanent account number. Its last letter is a check of an unpublished kind.
Check in_pan(std::string_view value) noexcept {
  const Symbols s(value);
  return s.size() == 10 && is_pan(s, 0) ? Check::plausible : Check::invalid;
}

/// Goods and services tax number: state, PAN, registration of that PAN, a letter, and a check character that is Luhn's
/// algorithm in base 36.
Check in_gstin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 15 || !s.digits_in(0, 2) || !is_pan(s, 2) || s[12] == '0') return Check::invalid;
  const long long state = s.number(0, 2);
  if (!((state >= 1 && state <= 38) || state == 97 || state == 99)) return Check::invalid;
  int sum = 0;
  for (size_t i = 0; i < 14; ++i) {
    const int product = s.value(i) * (i % 2 == 0 ? 1 : 2);
    sum += product / 36 + product % 36;
  }
  return (36 - sum % 36) % 36 == s.value(14) ? Check::valid : Check::invalid;
}

/// Electors' photo identity card: three letters, six digits and a Luhn digit. Cards from before 2003 lack the check.
Check in_voter(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || !s.digits_in(3, 10) || s.number(3, 10) == 0) return Check::invalid;
  if (!is_upper(s[0]) || !is_upper(s[1]) || !is_upper(s[2])) return Check::invalid;
  return luhn(s, 3, 10) ? Check::valid : Check::plausible;
}

constexpr auto vehicle_states =
    std::to_array<std::string_view>({"AN", "AP", "AR", "AS", "BR", "CG", "CH", "DD", "DL", "DN", "GA", "GJ", "HP", "HR",
                                     "JH", "JK", "KA", "KL", "LA", "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD", "OR",
                                     "PB", "PY", "RJ", "SK", "TG", "TN", "TR", "TS", "UA", "UK", "UP", "WB"});

/// Bharat series: year (from 2021), BH, four digits, one or two letters other than I and O.
Check bharat_series(const Symbols& s) noexcept {
  if (s.size() < 9 || s.size() > 10 || !s.digits_in(4, 8) || s.number(0, 2) < 21) return Check::invalid;
  for (size_t i = 8; i < s.size(); ++i)
    if (!is_upper(s[i]) || s[i] == 'I' || s[i] == 'O') return Check::invalid;
  return s.number(4, 8) == 0 ? Check::invalid : Check::valid;
}

/// State, office (1-99), a series of letters, a number from 1.
Check in_vehicle_registration(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 5 || s.size() > 11) return Check::invalid;
  if (s.digits_in(0, 2) && s[2] == 'B' && s[3] == 'H') return bharat_series(s);
  if (!std::ranges::binary_search(vehicle_states, s.view().substr(0, 2))) return Check::invalid;
  size_t at = 2;
  while (at < s.size() && at < 4 && s.is_digit(at)) ++at;
  if (at == 2 || s.number(2, at) == 0) return Check::invalid;
  size_t number = at;
  while (number < s.size() && !s.is_digit(number)) ++number;
  if (number - at > 3 || number == s.size() || s.size() - number > 4) return Check::invalid;
  if (!s.digits_in(number, s.size()) || s.number(number, s.size()) == 0) return Check::invalid;
  return number > at ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"in_aadhaar", "UIDAI: A UID Numbering Scheme (Verhoeff)", in_aadhaar},
    {"in_gstin", "GSTN: GSTIN format and check character", in_gstin},
    {"in_pan", "Income Tax Department: structure of the PAN", in_pan, false},
    {"in_vehicle_registration", "Central Motor Vehicles Rules 1989, rule 50; G.S.R. 594(E) of 2021 (BH series)",
     in_vehicle_registration},
    {"in_voter", "Election Commission of India: EPIC numbering", in_voter},
};

}  // namespace

std::span<const Validator> validators_in() { return table; }

}  // namespace assay::classify
