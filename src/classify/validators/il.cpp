#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Identity number: nine digits, zeros in front included, Luhn.
Check il_id_number(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || s.overflow() || !s.all_digits() || s.number(0, 8) == 0) return Check::invalid;
  return luhn(s, 0, 9) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"il_id_number", "Population Registry: identity number, ISO/IEC 7812-1 Luhn", il_id_number},
};

}  // namespace

std::span<const Validator> validators_il() { return table; }

}  // namespace assay::classify
