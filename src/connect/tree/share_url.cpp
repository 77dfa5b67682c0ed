#include "connect/tree/share_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "core/printable.h"

namespace assay::connect {
namespace {

[[noreturn]] void refuse(const std::string& url, std::string_view scheme, std::string_view why) {
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("'{}' is no {}://HOST/PATH: {}", core::printable(url, 1000), scheme, why));
}

bool is_host_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' ||
         c == '_' || c == ':' || c == '%' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

ShareUrl parse_share_url(const std::string& url, std::string_view scheme) {
  std::string_view rest = url;
  if (!rest.starts_with(scheme) || !rest.substr(scheme.size()).starts_with("://"))
    refuse(url, scheme, "it begins otherwise");
  if (rest.find('\0') != std::string_view::npos) refuse(url, scheme, "it holds a NUL");
  rest.remove_prefix(scheme.size() + 3);
  const size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  ShareUrl parsed;
  parsed.path = rest.substr(slash);
  while (parsed.path.size() > 1 && parsed.path.ends_with('/')) parsed.path.pop_back();
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parsed.user = authority.substr(0, at);
    if (parsed.user.empty()) refuse(url, scheme, "its user has no name");
    authority.remove_prefix(at + 1);
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) refuse(url, scheme, "a bracket is not closed");
    parsed.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port[0] != ':') refuse(url, scheme, "there is something behind the bracket");
  } else {
    const size_t colon = std::min(authority.find(':'), authority.size());
    parsed.host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (parsed.host.empty()) refuse(url, scheme, "it names no host");
  if (!std::ranges::all_of(parsed.host, is_host_byte) || parsed.host[0] == '-') refuse(url, scheme, "its host is none");
  if (port.empty()) return parsed;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), parsed.port);
  if (error != std::errc() || end != port.data() + port.size() || parsed.port == 0)
    refuse(url, scheme, "its port is no number from 1 to 65535");
  return parsed;
}

}  // namespace assay::connect
