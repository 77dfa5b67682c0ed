#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// Population identification number, also the taxpayer's: kind of person 1-8, office, book, number, check digit.
Check th_tnin(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() != 13 || s.overflow() || !s.all_digits() || s[0] == '0' || s[0] == '9') return Check::invalid;
  if (s.all_same()) return Check::invalid;
  const int sum = weighted_sum(s, 0, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2});
  return (11 - sum % 11) % 10 == s.digit(12) ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"th_tnin", "Department of Provincial Administration: 13 digit population number", th_tnin},
};

}  // namespace

std::span<const Validator> validators_th() { return table; }

}  // namespace assay::classify
