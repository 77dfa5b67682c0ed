#include <array>

#include "classify/validators/global_checks.h"
#include "classify/validators/symbols.h"

namespace assay::classify::global {
namespace {

/// The highest category number the classification uses under each letter (ICD-10-CM tabular list 2024, WHO ICD-10
/// 2019), A to Z.
constexpr std::array<int, 26> last_category = {99, 99, 96, 89, 90, 99, 99, 95, 99, 99, 95, 99, 99,
                                               99, 99, 96, 99, 99, 99, 98, 99, 99, 99, 99, 99, 99};

}  // namespace

Check icd10(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 3 || s.size() > 7 || s.is_digit(0) || !s.is_digit(1)) return Check::invalid;
  // A letter in third place occurs in C4A, C7A, C7B, D3A, M1A, O9A, Z3A only.
  if (!s.is_digit(2)) {
    constexpr std::array<std::string_view, 7> with_letter = {"C4A", "C7A", "C7B", "D3A", "M1A", "O9A", "Z3A"};
    for (const auto category : with_letter)
      if (s.view().starts_with(category)) return Check::plausible;
    return Check::invalid;
  }
  const auto category = s.number(1, 3);
  return category <= last_category[static_cast<size_t>(s[0] - 'A')] ? Check::plausible : Check::invalid;
}

}  // namespace assay::classify::global
