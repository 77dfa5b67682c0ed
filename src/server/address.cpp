#include "server/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

#include "core/error.h"
#include "core/printable.h"

namespace assay::server {
namespace {

[[noreturn]] void refuse(std::string_view text) {
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("'{}' is no address to listen at: 127.0.0.1:9464, [::1]:9464 or none is expected",
                                core::printable(std::string(text), 200)));
}

bool is_ip(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  if (text == "none") return std::nullopt;
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) refuse(text);
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  const bool has_brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  Address address{.host = host == "localhost" ? "127.0.0.1" : std::string(host)};
  if (!is_ip(address.host) || has_brackets != (address.host.find(':') != std::string::npos)) refuse(text);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || end != port.data() + port.size()) refuse(text);
  return address;
}

}  // namespace assay::server
