#include "classify/validators/checksums.h"
#include "classify/validators/countries.h"

namespace assay::classify {
namespace {

/// RUT and RUN: a number below 100 million and a check character modulo 11, K for ten.
Check cl_rut(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 7 || s.size() > 9 || !s.digits_in(0, s.size() - 1)) return Check::invalid;
  const size_t last = s.size() - 1;
  if (s.number(0, last) == 0 || s.all_same()) return Check::invalid;
  int sum = 0;
  int weight = 2;
  for (size_t i = last; i-- > 0;) {
    sum += weight * s.digit(i);
    weight = weight == 7 ? 2 : weight + 1;
  }
  const int check = (11 - sum % 11) % 11;
  return (check == 10 ? 'K' : static_cast<char>('0' + check)) == s[last] ? Check::valid : Check::invalid;
}

constexpr Validator table[] = {
    {"cl_rut", "Servicio de Registro Civil and SII: RUT, modulo 11", cl_rut},
};

}  // namespace

std::span<const Validator> validators_cl() { return table; }

}  // namespace assay::classify
