#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

constexpr auto federal_entities = std::to_array<std::string_view>(
    {"AS", "BC", "BS", "CC", "CH", "CL", "CM", "CS", "DF", "DG", "GR", "GT", "HG", "JC", "MC", "MN", "MS",
     "NE", "NL", "NT", "OC", "PL", "QR", "QT", "SL", "SP", "SR", "TC", "TL", "TS", "VZ", "YN", "ZS"});

bool letters_in(const Symbols& s, size_t begin, size_t end) noexcept {
  for (size_t i = begin; i < end; ++i)
    if (s.is_digit(i)) return false;
  return true;
}

/// Population key: initials, date of birth, sex, federal entity, inner consonants, a character that tells the century,
/// check digit over an alphabet in which Ñ follows N.
Check mx_curp(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 18 || !letters_in(s, 0, 4) || !s.digits_in(4, 10) || !letters_in(s, 10, 16) || !s.is_digit(17))
    return Check::invalid;
  if (s[10] != 'H' && s[10] != 'M' && s[10] != 'X') return Check::invalid;
  if (!std::ranges::binary_search(federal_entities, s.view().substr(11, 2))) return Check::invalid;
  for (size_t i = 13; i < 16; ++i)
    if (std::string_view("AEIOU").contains(s[i])) return Check::invalid;
  const int year = (s.is_digit(16) ? 1900 : 2000) + static_cast<int>(s.number(4, 6));
  if (!is_date(year, static_cast<int>(s.number(6, 8)), static_cast<int>(s.number(8, 10)))) return Check::invalid;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) sum += static_cast<int>(18 - i) * (s.value(i) + (s[i] > 'N' ? 1 : 0));
  return (10 - sum % 10) % 10 == s.digit(17) ? Check::valid : Check::invalid;
}

/// The characters of a taxpayer's number by their SAT value: digits, A-N, &, O-Z, blank (37), Ñ (38).
struct TaxpayerSymbols {
  std::array<int, 13> values{};
  size_t size = 0;
  bool overflow = false;

  explicit TaxpayerSymbols(std::string_view text) noexcept {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
      if (c >= '0' && c <= '9') add(c - '0');
      else if (c >= 'A' && c <= 'N') add(c - 'A' + 10);
      else if (c == '&') add(24);
      else if (c >= 'O' && c <= 'Z') add(c - 'O' + 25);
      else if (c == '\xC3' && i + 1 < text.size() && (text[i + 1] == '\x91' || text[i + 1] == '\xB1')) add(38);
    }
  }

  void add(int value) noexcept {
    if (size == values.size()) overflow = true;
    else values[size++] = value;
  }
  int pair(size_t at) const noexcept { return 10 * values[at] + values[at + 1]; }
};

/// Taxpayer: four characters (three for a company), date of birth or foundation, two characters, check character.
/// Some of those in force were issued with another check character.
Check mx_rfc(std::string_view value) noexcept {
  const TaxpayerSymbols s(value);
  if (s.overflow || s.size < 12) return Check::invalid;
  const size_t date = s.size - 9;
  for (size_t i = 0; i < date; ++i)
    if (s.values[i] < 10) return Check::invalid;
  for (size_t i = date; i < date + 6; ++i)
    if (s.values[i] > 9) return Check::invalid;
  if (!is_date(2000 + s.pair(date), s.pair(date + 2), s.pair(date + 4))) return Check::invalid;
  int sum = s.size == 12 ? 13 * 37 : 0;
  for (size_t i = 0; i + 1 < s.size; ++i) sum += static_cast<int>(s.size - i) * s.values[i];
  return (11 - sum % 11) % 11 == s.values[s.size - 1] ? Check::valid : Check::plausible;
}

constexpr Validator table[] = {
    {"mx_curp", "SEGOB: Instructivo normativo para la asignación de la CURP (DOF 2021)", mx_curp},
    {"mx_rfc", "SAT: Código Fiscal de la Federación, article 27; RFC check character", mx_rfc},
};

}  // namespace

std::span<const Validator> validators_mx() { return table; }

}  // namespace assay::classify
