#include "connect/tables/server_url.h"

#include <cctype>
#include <charconv>

#include "core/error.h"
#include "http/message.h"

namespace assay::connect {
namespace {

[[noreturn]] void refuse(std::string_view scheme, const char* why) {
  throw core::Error(core::ErrorKind::bad_input, "the URL must be " + std::string(scheme) +
                                                    "://USER@HOST:PORT/DATABASE, of which only HOST is needed: " + why);
}

std::string decoded(std::string_view scheme, std::string_view text) {
  const auto is_digit = [&](size_t at) {
    return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (!is_digit(at + 1) || !is_digit(at + 2)) refuse(scheme, "a % must begin a percent-encoded byte");
  std::string out = http::percent_decode(text);
  if (out.find('\0') != std::string::npos) refuse(scheme, "it holds a NUL");
  return out;
}

}  // namespace

ServerUrl server_url(std::string_view url) {
  ServerUrl parsed;
  const size_t begin = url.find("://");
  parsed.scheme = url.substr(0, begin);
  std::string_view rest = url.substr(begin + 3);
  if (rest.find_first_of("?#") != std::string_view::npos) refuse(parsed.scheme, "parameters are given as settings");
  const size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) {
    std::string_view path = rest.substr(slash + 1);
    while (path.ends_with('/')) path.remove_suffix(1);
    if (path.find('/') != std::string_view::npos) refuse(parsed.scheme, "behind the database comes nothing");
    parsed.database = decoded(parsed.scheme, path);
  }
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parsed.user = decoded(parsed.scheme, authority.substr(0, at));
    authority.remove_prefix(at + 1);
  }
  // An IPv6 address stands in brackets.
  const size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) refuse(parsed.scheme, "a bracket is not closed");
  if (const size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
    if (error != std::errc() || end != port.data() + port.size() || parsed.port == 0)
      refuse(parsed.scheme, "the port is a number up to 65535");
    authority = authority.substr(0, colon);
  }
  if (bracket != 0) authority = authority.substr(1, bracket - 1);
  parsed.host = decoded(parsed.scheme, authority);
  if (parsed.host.empty()) refuse(parsed.scheme, "there is no host");
  return parsed;
}

std::string ServerUrl::shown(std::string_view scheme_shown) const {
  const bool is_v6 = host.find(':') != std::string::npos;
  std::string text = std::string(scheme_shown) + "://" + (is_v6 ? "[" + host + "]" : host);
  if (port != 0) text += ":" + std::to_string(port);
  if (!database.empty()) text += "/" + database;
  return text;
}

}  // namespace assay::connect
