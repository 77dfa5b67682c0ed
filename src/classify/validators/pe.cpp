#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Taxpayer's number: 10 person, 15 to 17 others, 20 company; check modulo 11.
Check pe_ruc(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 11 || s.overflow() || !s.all_digits() || s.number(2, 10) == 0) return Check::invalid;
  const long long kind = s.number(0, 2);
  if (kind != 10 && kind != 15 && kind != 16 && kind != 17 && kind != 20) return Check::invalid;
  const int sum = weighted_sum(s, 0, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2});
  return (11 - sum % 11) % 10 == s.digit(10) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"pe_ruc", "SUNAT: Legislative decree 943, RUC", pe_ruc},
};

}  // namespace

std::span<const Validator> validators_pe() { return table; }

}  // namespace assay::classify
