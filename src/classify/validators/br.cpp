#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Both registers end in two digits of the same kind: modulo 11 with weights from 2 upward, right to left.
constexpr int check_digit(const Symbols& s, size_t count, int highest_weight) noexcept {
  int sum = 0;
  int weight = 2;
  for (size_t i = count; i-- > 0;) {
    sum += weight * (s[i] - '0');  // letters count as their ASCII code less 48
    weight = weight == highest_weight ? 2 : weight + 1;
  }
  return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

Check br_cpf(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.all_same()) return Check::invalid;
  const bool ok = check_digit(s, 9, 11) == s.digit(9) && check_digit(s, 10, 11) == s.digit(10);
  return ok ? Check::valid : Check::invalid;
}

/// Fourteen bare digits that read as a date and time of this century.
bool reads_as_time_stamp(std::string_view value, const Symbols& s) noexcept {
  return value.size() == 14 && s.all_digits() && s.number(0, 2) == 20 &&
         is_date(static_cast<int>(s.number(0, 4)), static_cast<int>(s.number(4, 6)),
                 static_cast<int>(s.number(6, 8))) &&
         s.number(8, 10) < 24 && s.number(10, 12) < 60 && s.number(12, 14) < 60;
}

/// Legal entities: root, branch, two check digits; from July 2026 the root and the branch may hold letters.
Check br_cnpj(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 14 || s.overflow() || !s.digits_in(12, 14) || s.all_same()) return Check::invalid;
  if (s.digits_in(8, 12) && s.number(8, 12) == 0) return Check::invalid;
  if (check_digit(s, 12, 9) != s.digit(12) || check_digit(s, 13, 9) != s.digit(13)) return Check::invalid;
  return reads_as_time_stamp(value, s) ? Check::plausible : Check::valid;
}

constexpr Validator table[] = {
    {"br_cnpj", "Receita Federal: IN RFB 2.119/2022 and 2.229/2024 (alphanumeric)", br_cnpj},
    {"br_cpf", "Receita Federal: CPF", br_cpf},
};

}  // namespace

std::span<const Validator> validators_br() { return table; }

}  // namespace assay::classify
