#include <algorithm>

#include "classify/validators/global_checks.h"
#include "classify/validators/internet_names.h"

namespace assay::classify::global {
namespace {

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > 64) return false;
  if (local.front() == '"') return local.size() > 2 && local.back() == '"';
  // A dot stands between bytes that are none.
  bool after_dot = true;
  for (const char c : local) {
    if (c == '.' && after_dot) return false;
    after_dot = c == '.';
  }
  return !after_dot;
}

Check check_of(TopLevelDomain domain) {
  switch (domain) {
    case TopLevelDomain::known: return Check::valid;
    case TopLevelDomain::unlisted: return Check::plausible;
    case TopLevelDomain::impossible: break;
  }
  return Check::invalid;
}

Check check_of_host(std::string_view host) {
  if (!is_host_name(host)) return Check::invalid;
  return check_of(top_level_domain(host.substr(host.rfind('.') + 1)));
}

bool is_host_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::string_view authority_of(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  return url;
}

}  // namespace

Check email_address(std::string_view value) noexcept {
  const size_t at = value.rfind('@');
  if (at == std::string_view::npos || value.size() > 254 || !is_local_part(value.substr(0, at))) return Check::invalid;
  const auto domain = value.substr(at + 1);
  if (domain.starts_with('[') && domain.ends_with(']')) {
    const auto literal = domain.substr(1, domain.size() - 2);
    const bool v6 = literal.starts_with("IPv6:");
    return (v6 ? is_ipv6(literal.substr(5)) : is_ipv4(literal)) ? Check::valid : Check::invalid;
  }
  return check_of_host(domain);
}

Check url(std::string_view value) noexcept {
  auto host = authority_of(value);
  if (host.starts_with('[')) {
    const size_t close = host.find(']');
    return close != std::string_view::npos && is_ipv6(host.substr(1, close - 1)) ? Check::valid : Check::invalid;
  }
  if (const size_t port = host.rfind(':'); port != std::string_view::npos) {
    const auto digits = host.substr(port + 1);
    if (digits.size() > 5 || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
      return Check::invalid;
    host = host.substr(0, port);
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (is_ipv4(host)) return Check::valid;
  if (host.contains('.')) return check_of_host(host);
  // Names of one label exist inside networks: localhost, db1. A file URL has no host at all.
  if (host.empty()) return value.starts_with("file:") ? Check::plausible : Check::invalid;
  return std::ranges::all_of(host, is_host_byte) ? Check::plausible : Check::invalid;
}

}  // namespace assay::classify::global
