#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Taxpayer identification number: nine digits of which the last is a check that the bureau keeps to itself, then a
/// branch code of three or five digits, 000 for the head office.
Check ph_tin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.overflow() || !s.all_digits()) return Check::invalid;
  if (s.size() != 9 && s.size() != 12 && s.size() != 14) return Check::invalid;
  if (s.number(0, 8) == 0) return Check::invalid;
  bool same = true;
  for (size_t i = 1; i < 9; ++i) same = same && s[i] == s[0];
  return same ? Check::invalid : Check::plausible;
}

constexpr Validator table[] = {
    {"ph_tin", "Bureau of Internal Revenue, RMO 34-98 and RR 11-2018", ph_tin, false},
};

}  // namespace

std::span<const Validator> validators_ph() { return table; }

}  // namespace assay::classify
