#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Social Security Administration, "Social Security Number Randomization": area 000, 666 and 900-999, group 00 and
/// serial 0000 are never assigned.
Check us_ssn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same()) return Check::invalid;
  const auto area = s.number(0, 3);
  if (area == 0 || area == 666 || area >= 900 || s.number(3, 5) == 0 || s.number(5, 9) == 0) return Check::invalid;
  // Withdrawn after they were printed in advertisements (wallet card of 1938, pamphlet of 1940), and a typed run.
  constexpr std::array<long long, 4> void_numbers = {78'051'120, 219'099'999, 123'456'789, 987'654'321};
  return std::ranges::find(void_numbers, s.number(0, 9)) == void_numbers.end() ? Check::plausible : Check::invalid;
}

/// IRS publication 1915: 9xx, group 50-65, 70-88, 90-92 or 94-99.
Check us_itin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s[0] != '9' || s.all_same()) return Check::invalid;
  const auto group = s.number(3, 5);
  const bool assigned = (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) ||
                        (group >= 94 && group <= 99);
  return assigned ? Check::plausible : Check::invalid;
}

/// CMS, "Medicare Beneficiary Identifier format": eleven places of digit (not 0 first), letter, or either, without the
/// letters S, L, O, I, B, Z.
Check us_mbi(std::string_view value) noexcept {
  const Symbols s(value);
  constexpr std::string_view places = "CAXNAXNAANN";
  if (s.size() != places.size()) return Check::invalid;
  for (size_t i = 0; i < places.size(); ++i) {
    const bool digit = s.is_digit(i);
    if (!digit && std::string_view("SLOIBZ").contains(s[i])) return Check::invalid;
    if (places[i] == 'A' && digit) return Check::invalid;
    if ((places[i] == 'N' || places[i] == 'C') && !digit) return Check::invalid;
  }
  return s[0] == '0' ? Check::invalid : Check::plausible;
}

/// 45 CFR 162.406 and the CMS check-digit paper: Luhn over 80840 and the ten digits; the prefix adds 24 to the sum.
Check us_npi(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 10 || !s.all_digits() || (s[0] != '1' && s[0] != '2') || s.number(1, 9) == 0) return Check::invalid;
  int sum = 24;
  for (size_t i = 0; i < 10; ++i) {
    const int d = s.digit(i);
    sum += i % 2 == 0 ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
  }
  return sum % 10 == 0 ? Check::valid : Check::invalid;
}

/// American Bankers Association routing number: weights 3-7-1; the first two digits are a Federal Reserve district
/// (01-12), the same plus 20 for thrifts or plus 60 for electronic entries, 00 for the government or 80 for cheques.
Check aba_routing_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.all_same()) return Check::invalid;
  const auto district = s.number(0, 2);
  const bool reserve = (district >= 1 && district <= 12) || (district >= 21 && district <= 32) ||
                       (district >= 61 && district <= 72) || district == 80;
  if (!reserve || weighted_sum(s, 0, {3, 7, 1, 3, 7, 1, 3, 7, 1}) % 10 != 0) return Check::invalid;
  return Check::valid;
}

/// Drug Enforcement Administration registration number: registrant type, initial of the name (or 9), six digits and the
/// last digit of (d1 + d3 + d5) + 2 (d2 + d4 + d6) (DEA Diversion Control, practitioner's manual).
Check us_dea_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.digits_in(2, 9) || !std::string_view("ABCDEFGHJKLMPRSTUX").contains(s[0]))
    return Check::invalid;
  if (s.is_digit(1) && s[1] != '9') return Check::invalid;
  if (s.number(2, 8) == 0) return Check::invalid;
  return weighted_sum(s, 2, {1, 2, 1, 2, 1, 2}) % 10 == s.digit(8) ? Check::valid : Check::invalid;
}

/// Numbers that fill a field: all digits the same, or counting up.
bool is_filler(const Symbols& s) {
  if (s.all_same()) return true;
  for (size_t i = 1; i < s.size(); ++i)
    if (s.digit(i) != (s.digit(i - 1) + 1) % 10) return false;
  return true;
}

/// Account numbers have no common check; banks use four to seventeen digits (NACHA entry detail record, field 5).
Check us_bank_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 4 || s.size() > 17 || !s.all_digits() || is_filler(s)) return Check::invalid;
  return Check::plausible;
}

/// Nine digits, or since 2021 one letter and eight digits (Department of State, next generation passport).
Check us_passport(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.digits_in(1, 9) || s.number(1, 9) == 0) return Check::invalid;
  return s.is_digit(0) && is_filler(s) ? Check::invalid : Check::plausible;
}

/// The shapes the states use for driver licenses, A for a letter, 9 for a digit; several states share most of them.
Check us_driver_license(std::string_view value) noexcept {
  constexpr auto shapes = std::to_array<std::string_view>({
      "A999",        "A99999",       "A999999",       "A9999999",       "A99999999",       "A999999999",
      "A9999999999", "A99999999999", "A999999999999", "A9999999999999", "A99999999999999", "AA999",
      "AA9999",      "AA99999",      "AA999999",      "AA9999999",      "AA999999A",       "AAA999999",
      "A99AAAAAA99", "A9999999A",    "99AAA99999",    "99AAA999999",    "999AA9999",       "9999999A",
      "99999999A",   "999999999A",   "AAAAAAA999A9",  "AAAAAAA999AA",
  });
  const Symbols s(value);
  if (s.size() < 4 || s.size() > 18) return Check::invalid;
  if (s.all_digits()) return s.size() >= 6 && s.size() <= 14 && !is_filler(s) ? Check::plausible : Check::invalid;
  if (s.size() == 12 && s.view().starts_with("WDL")) return Check::plausible;  // Washington since 2018
  for (const auto shape : shapes) {
    if (shape.size() != s.size()) continue;
    bool fits = true;
    for (size_t i = 0; i < shape.size(); ++i) fits &= s.is_digit(i) == (shape[i] == '9');
    if (fits) return Check::plausible;
  }
  return Check::invalid;
}

}  // namespace

std::span<const Validator> validators_us() {
  static constexpr std::array table = {
      Validator{"aba_routing_number", "ANSI X9.100-160, ABA routing number policy", aba_routing_number},
      Validator{"us_bank_number", "NACHA operating rules, entry detail record", us_bank_number, false},
      Validator{"us_dea_number", "21 CFR 1301, DEA practitioner's manual", us_dea_number},
      Validator{"us_driver_license", "the states' formats, AAMVA", us_driver_license, false},
      Validator{"us_itin", "IRS publication 1915", us_itin, false},
      Validator{"us_mbi", "CMS Medicare Beneficiary Identifier format", us_mbi},
      Validator{"us_npi", "45 CFR 162.406", us_npi},
      Validator{"us_passport", "Department of State", us_passport, false},
      Validator{"us_ssn", "Social Security Administration, 20 CFR 422", us_ssn, false},
  };
  return table;
}

}  // namespace assay::classify
