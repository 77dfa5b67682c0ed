#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// NRIC (S, T) and FIN (F, G, M): seven digits, weighted, an offset for the series, and a letter. The issuer does not
/// publish it; the algorithm of S, T, F, G is in the patent literature and in use everywhere, M (2022) follows it.
Check sg_nric_fin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.digits_in(1, 8) || s.is_digit(8)) return Check::invalid;
  int offset = 0;
  std::string_view letters;
  switch (s[0]) {
    case 'S': letters = "JZIHGFEDCBA"; break;
    case 'T': letters = "JZIHGFEDCBA", offset = 4; break;
    case 'F': letters = "XWUTRQPNMLK"; break;
    case 'G': letters = "XWUTRQPNMLK", offset = 4; break;
    case 'M': letters = "XWUTRQPNJLK", offset = 3; break;
    default: return Check::invalid;
  }
  const auto rest = static_cast<size_t>((offset + weighted_sum(s, 1, {2, 7, 6, 5, 4, 3, 2})) % 11);
  return letters[rest] == s[8] ? Check::valid : Check::invalid;
}

/// Businesses registered before 2009: nnnnnnnnX.
Check old_business(const Symbols& s) noexcept {
  constexpr std::string_view letters = "XMKECAWLJDB";
  if (!s.digits_in(0, 8)) return Check::invalid;
  const auto rest = static_cast<size_t>(weighted_sum(s, 0, {10, 4, 9, 3, 8, 2, 7, 1}) % 11);
  return letters[rest] == s[8] ? Check::valid : Check::invalid;
}

/// Local companies: year of registration, five digits, letter.
Check local_company(const Symbols& s) noexcept {
  constexpr std::string_view letters = "ZKCMDNERGWH";
  if (!s.digits_in(0, 9) || s.number(0, 4) < 1850 || s.number(0, 4) > 2049) return Check::invalid;
  const auto rest = static_cast<size_t>(weighted_sum(s, 0, {10, 8, 6, 4, 9, 7, 5, 3, 1}) % 11);
  return letters[rest] == s[9] ? Check::valid : Check::invalid;
}

/// Everyone else: century (R, S, T), year, two letters for the kind of entity, four digits, letter.
Check other_entity(const Symbols& s) noexcept {
  constexpr std::string_view alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  constexpr int weights[] = {4, 3, 5, 3, 10, 2, 2, 5, 7};
  constexpr auto kinds = std::to_array<std::string_view>(
      {"CC", "CD", "CH", "CL", "CM", "CP", "CS", "CX", "DP", "FB", "FC", "FM", "FN", "GA",
       "GB", "GS", "HC", "HS", "LC", "LL", "LP", "MB", "MC", "MD", "MH", "MM", "MQ", "NB",
       "NR", "PA", "PB", "PF", "RF", "RP", "SM", "SS", "TC", "TU", "UF", "VH", "XL"});
  if (!s.digits_in(1, 3) || !s.digits_in(5, 9)) return Check::invalid;
  if (!std::ranges::binary_search(kinds, s.view().substr(3, 2))) return Check::invalid;
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) sum += weights[i] * static_cast<int>(alphabet.find(s[i]));
  return alphabet[static_cast<size_t>((sum + 11 * 6 - 5) % 11)] == s[9] ? Check::valid : Check::invalid;
}

/// Unique entity number in its three formats.
Check sg_uen(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() == 9 && !s.is_digit(8)) return old_business(s);
  if (s.size() != 10 || s.is_digit(9)) return Check::invalid;
  if (s[0] == 'R' || s[0] == 'S' || s[0] == 'T') return other_entity(s);
  return local_company(s);
}

constexpr Validator table[] = {
    {"sg_nric_fin", "National Registration Act; check letters as commonly known", sg_nric_fin},
    {"sg_uen", "ACRA: UEN formats; check letters as commonly known", sg_uen},
};

}  // namespace

std::span<const Validator> validators_sg() { return table; }

}  // namespace assay::classify
