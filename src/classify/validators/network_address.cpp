#include <algorithm>

#include "classify/validators/global_checks.h"
#include "classify/validators/internet_names.h"
#include "classify/validators/symbols.h"

namespace assay::classify::global {

Check ip_address(std::string_view value) noexcept {
  if (!value.contains(':')) {
    const auto address = value.substr(0, value.find('/'));
    // 0.0.0.0 stands for "any" and 255.255.255.255 for "all": they name no machine.
    if (address == "0.0.0.0" || address == "255.255.255.255") return Check::invalid;
    return is_ipv4(address) ? Check::valid : Check::invalid;
  }
  const auto address = value.substr(0, value.find('/'));
  if (!is_ipv6(address) || Symbols(address).size() < 2) return Check::invalid;
  // "a1::b2" can be a C++ name; the networks in use (2000::/3, fc00::/7, fe80::/10, ff00::/8) begin with four digits.
  const bool four_digits_first = address.find(':') == 4 || address.starts_with("::");
  return four_digits_first || std::ranges::count(address, ':') >= 4 ? Check::valid : Check::plausible;
}

Check mac_address(std::string_view value) noexcept {
  const Symbols s(value);
  if ((s.size() != 12 && s.size() != 16) || s.all_same()) return Check::invalid;
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return std::ranges::all_of(s.view(), hex) ? Check::valid : Check::invalid;
}

}  // namespace assay::classify::global
