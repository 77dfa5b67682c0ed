#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// 0 when the sign stands for no century. The letters other than A came into use in 2023.
constexpr int century_of(char sign) noexcept {
  if (sign == '+') return 1800;
  if (sign == '-' || (sign >= 'U' && sign <= 'Y')) return 1900;
  return sign >= 'A' && sign <= 'F' ? 2000 : 0;
}

constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// DDMMYY, century sign, three digits, check character: the nine digits modulo 31.
Check fi_personal_identity_code(std::string_view value) noexcept {
  constexpr std::string_view check_characters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  if (value.size() != 11) return Check::invalid;
  const Symbols birthday(value.substr(0, 6));
  const Symbols individual(value.substr(7, 3));
  if (birthday.size() != 6 || !birthday.all_digits() || individual.size() != 3 || !individual.all_digits())
    return Check::invalid;
  const int century = century_of(upper(value[6]));
  if (century == 0 || individual.number(0, 3) < 2) return Check::invalid;
  if (!is_date(century + static_cast<int>(birthday.number(4, 6)), static_cast<int>(birthday.number(2, 4)),
               static_cast<int>(birthday.number(0, 2))))
    return Check::invalid;
  const auto rest = static_cast<size_t>((birthday.number(0, 6) * 1000 + individual.number(0, 3)) % 31);
  return check_characters[rest] == upper(value[10]) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"fi_personal_identity_code",
     "Digital and Population Data Services Agency: personal identity code; Decree 690/2022", fi_personal_identity_code},
};

}  // namespace

std::span<const Validator> validators_fi() { return table; }

}  // namespace assay::classify
