#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// What a symbol adds at the first, third, fifth ... place; 0-9 and then A-Z. At the other places digits count as
/// themselves and letters from A=0.
constexpr std::array<int, 36> odd_place_values = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21,  // 0-9
                                                  1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                                  20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};

char check_character(const Symbols& s) noexcept {
  int sum = 0;
  for (size_t i = 0; i < 15; ++i) {
    if (i % 2 == 0) sum += odd_place_values[static_cast<size_t>(s.value(i))];
    else sum += s.is_digit(i) ? s.digit(i) : s[i] - 'A';
  }
  return static_cast<char>('A' + sum % 26);
}

/// The digit, or the one that the letter stands for where two persons would have the same code ("omocodia"); -1 when
/// the letter stands for none.
constexpr int omocodia_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const auto at = std::string_view("LMNPQRSTUV").find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// -1 unless both stand for digits.
int two_digits(const Symbols& s, size_t at) noexcept {
  const int high = omocodia_digit(s[at]);
  const int low = omocodia_digit(s[at + 1]);
  return high < 0 || low < 0 ? -1 : 10 * high + low;
}

/// Surname and name (three letters each), year, month, day (plus 40 for women) and place of birth, check character.
Check it_fiscal_code(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 16 || s.is_digit(15)) return Check::invalid;
  for (size_t i = 0; i < 6; ++i)
    if (s.is_digit(i)) return Check::invalid;
  const auto month = std::string_view("ABCDEHLMPRST").find(s[8]);
  const int year = two_digits(s, 6);
  const int day = two_digits(s, 9);
  if (month == std::string_view::npos || year < 0 || day < 0 || s.is_digit(11)) return Check::invalid;
  if (two_digits(s, 12) < 0 || omocodia_digit(s[14]) < 0) return Check::invalid;
  // Which century is not told: 2000 + year has every leap day that 1900 + year has.
  if (!is_date(2000 + year, static_cast<int>(month) + 1, day > 40 ? day - 40 : day)) return Check::invalid;
  return check_character(s) == s[15] ? Check::valid : Check::invalid;
}

/// Seven digits, the office that issued it (a province, or one of a few others), Luhn. `IT` may stand before.
Check it_vat_code(std::string_view value) noexcept {
  if (value.starts_with("IT") || value.starts_with("it")) value.remove_prefix(2);
  const Symbols s(value);
  if (s.size() != 11 || !s.all_digits() || s.number(0, 7) == 0) return Check::invalid;
  const long long office = s.number(7, 10);
  const bool known_office =
      (office >= 1 && office <= 100) || office == 120 || office == 121 || office == 888 || office == 999;
  return known_office && luhn(s, 0, 11) ? Check::valid : Check::invalid;
}

constexpr std::string_view provinces[] = {
    "AG", "AL", "AN", "AO", "AP", "AQ", "AR", "AT", "AV", "BA", "BG", "BI", "BL", "BN", "BO", "BR", "BS", "BT", "BZ",
    "CA", "CB", "CE", "CH", "CL", "CN", "CO", "CR", "CS", "CT", "CZ", "EN", "FC", "FE", "FG", "FI", "FM", "FO", "FR",
    "GE", "GO", "GR", "IM", "IS", "KR", "LC", "LE", "LI", "LO", "LT", "LU", "MB", "MC", "ME", "MI", "MN", "MO", "MS",
    "MT", "NA", "NO", "NU", "OR", "PA", "PC", "PD", "PE", "PG", "PI", "PN", "PO", "PR", "PS", "PT", "PU", "PV", "PZ",
    "RA", "RC", "RE", "RG", "RI", "RM", "RN", "RO", "SA", "SI", "SO", "SP", "SR", "SS", "SU", "SV", "TA", "TE", "TN",
    "TO", "TP", "TR", "TS", "TV", "UD", "VA", "VB", "VC", "VE", "VI", "VR", "VS", "VT", "VV"};
static_assert(std::ranges::is_sorted(provinces));

/// Province, seven digits, letter; since 2013 also U1, seven digits or letters and a letter, made centrally. The check
/// of the last letter is not published.
Check it_driver_license(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || s.is_digit(9)) return Check::invalid;
  if (s[0] == 'U' && s[1] == '1') return s.view().find_first_of("AEIOQ", 2) < 9 ? Check::invalid : Check::plausible;
  if (s.is_digit(0) || s.is_digit(1) || !s.digits_in(2, 9)) return Check::invalid;
  return std::ranges::binary_search(provinces, s.view().substr(0, 2)) ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"it_driver_license", "Motorizzazione civile: numero della patente di guida", it_driver_license},
    {"it_fiscal_code", "Decreto del Ministero delle Finanze 23 December 1976, 345, and 13 July 1998", it_fiscal_code},
    {"it_vat_code", "Agenzia delle Entrate: partita IVA, check digit (DPR 633/1972)", it_vat_code},
};

}  // namespace

std::span<const Validator> validators_it() { return table; }

}  // namespace assay::classify
