#include "connect/postgresql/address.h"

#include <fmt/format.h>

namespace assay::connect::postgresql {

std::string with_password(std::string_view url, std::string_view password) {
  std::string out(url);
  out += url.find('?') == std::string_view::npos ? "?password=" : "&password=";
  for (const char c : password) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (is_plain) out += c;
    else out += fmt::format("%{:02X}", static_cast<uint8_t>(c));
  }
  return out;
}

std::string shown_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::string_view rest = url.substr(url.find("://") + 3);
  const size_t at = rest.substr(0, rest.find('/')).rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  std::string shown = "postgresql://" + std::string(rest);
  while (shown.size() > 13 && shown.ends_with('/')) shown.pop_back();
  return shown;
}

}  // namespace assay::connect::postgresql
