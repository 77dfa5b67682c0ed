#include <algorithm>
#include <array>

#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// First two digits of GB/T 2260: the provinces, 71 Taiwan, 81 Hong Kong, 82 Macau; 83 is given on residence permits
/// to residents of Taiwan, 91 to foreigners.
bool is_province(long long code) noexcept {
  constexpr auto provinces =
      std::to_array<int>({11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                          44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91});
  return std::ranges::binary_search(provinces, static_cast<int>(code));
}

/// Citizen identification number: region, date of birth, sequence, ISO 7064 MOD 11-2 character. The 15 digit form
/// of before 1999 has a two digit year and no check.
Check cn_resident_id(std::string_view value) noexcept {
  const Symbols s(value);
  const bool is_old = s.size() == 15;
  if ((s.size() != 18 && !is_old) || !s.digits_in(0, is_old ? 15 : 17)) return Check::invalid;
  if (!is_province(s.number(0, 2)) || s.number(2, 6) == 0) return Check::invalid;
  const size_t month = is_old ? 8 : 10;
  const int year = static_cast<int>(is_old ? 1900 + s.number(6, 8) : s.number(6, 10));
  if (year < 1850 || year > 2049) return Check::invalid;
  if (!is_date(year, static_cast<int>(s.number(month, month + 2)), static_cast<int>(s.number(month + 2, month + 4))))
    return Check::invalid;
  if (is_old) return Check::plausible;
  const int sum = weighted_sum(s, 0, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2});
  const int check = (12 - sum % 11) % 11;
  return (check == 10 ? 'X' : static_cast<char>('0' + check)) == s[17] ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"cn_resident_id", "GB 11643-1999, ISO 7064 MOD 11-2", cn_resident_id},
};

}  // namespace

std::span<const Validator> validators_cn() { return table; }

}  // namespace assay::classify
