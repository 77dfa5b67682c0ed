#include <algorithm>
#include <cstdint>
#include <utility>

#include "classify/validators/global_checks.h"
#include "classify/validators/internet_names.h"
#include "classify/validators/symbols.h"

namespace assay::classify::global {
namespace {

/// 5.5.2.5 numbers a clause or a version as often as a machine: all four below 32, and not in the private network 10.
bool is_like_a_section(std::string_view address) {
  if (address.starts_with("10.")) return false;
  int octet = 0;
  for (const char c : address) {
    octet = c == '.' ? 0 : octet * 10 + (c - '0');
    if (octet >= 32) return false;
  }
  return true;
}

/// 255.255.240.0 says which bits of addresses name the network, 0.0.15.255 which do not: ones, then zeros, or the other
/// way round. Neither names a machine, and neither do 0.0.0.0 for "any" and 255.255.255.255 for "all".
bool names_no_machine(std::string_view address) {
  uint32_t bits = 0, octet = 0;
  for (const char c : address) {
    if (c == '.') bits = (bits << 8) | std::exchange(octet, 0);
    else octet = octet * 10 + static_cast<uint32_t>(c - '0');
  }
  bits = (bits << 8) | octet;
  const uint32_t wild = ~bits;
  const bool is_mask = bits >> 24 == 255 && (wild & (wild + 1)) == 0;
  return is_mask || (bits >> 24 == 0 && (bits & (bits + 1)) == 0);
}

}  // namespace

Check ip_address(std::string_view value) noexcept {
  if (!value.contains(':')) {
    const auto address = value.substr(0, value.find('/'));
    if (!is_ipv4(address) || names_no_machine(address)) return Check::invalid;
    return is_like_a_section(address) ? Check::plausible : Check::valid;
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
