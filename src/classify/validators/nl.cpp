#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// The "elfproef" in the form for the BSN, whose last digit counts negatively.
Check nl_bsn(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 9 || !s.all_digits() || s.number(0, 9) < 10'000'000) return Check::invalid;
  return weighted_sum(s, 0, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0 ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"nl_bsn", "Rijksdienst voor Identiteitsgegevens: Logisch Ontwerp BSN, elfproef", nl_bsn},
};

}  // namespace

std::span<const Validator> validators_nl() { return table; }

}  // namespace assay::classify
