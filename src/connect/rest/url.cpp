#include "connect/rest/url.h"

#include <strings.h>

#include <algorithm>
#include <boost/url.hpp>

#include "http/message.h"

namespace assay::connect::rest {
namespace {

namespace urls = boost::urls;

constexpr size_t most_url_bytes = 16 << 10;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string port_of(const urls::url_view& url) {
  if (url.has_port() && !url.port().empty()) return std::string(url.port());
  return url.scheme_id() == urls::scheme::https ? "443" : "80";
}

// Boost.URL 1.81 takes "1.2.3.4.example.com" for the host 1.2.3.4 and a path that has no slash: what would be judged is
// not what libcurl connects to.
bool is_sound(const urls::url_view& url) {
  const std::string_view path = url.encoded_path();
  return !url.has_authority() || path.empty() || path.starts_with('/');
}

// An absolute URL.
std::optional<urls::url_view> parsed(std::string_view text) {
  const auto url = urls::parse_uri(text);
  if (!url || !is_sound(*url)) return std::nullopt;
  return *url;
}

bool is_http(const urls::url_view& url) {
  return url.scheme_id() == urls::scheme::http || url.scheme_id() == urls::scheme::https;
}

// One link of the header and what follows it; RFC 8288, 3.
struct Link {
  std::string_view target, parameters;
};

// Takes the next link off the header. Commas and semicolons may stand in <> and in quotes.
std::optional<Link> take_link(std::string_view& header) {
  const size_t begin = header.find('<');
  const size_t end = header.find('>', begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  Link link{.target = header.substr(begin + 1, end - begin - 1), .parameters = {}};
  bool is_quoted = false;
  size_t at = end + 1;
  for (; at < header.size() && (is_quoted || header[at] != ','); ++at) {
    if (header[at] == '\\' && is_quoted) ++at;
    else if (header[at] == '"') is_quoted = !is_quoted;
  }
  at = std::min(at, header.size());
  link.parameters = header.substr(end + 1, at - end - 1);
  header.remove_prefix(std::min(at + 1, header.size()));
  return link;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

bool is_next(std::string_view parameters) {
  while (!parameters.empty()) {
    const size_t end = std::min(parameters.find(';'), parameters.size());
    const std::string_view one = trimmed(parameters.substr(0, end));
    parameters.remove_prefix(std::min(end + 1, parameters.size()));
    const size_t equals = one.find('=');
    if (equals == std::string_view::npos || lower(trimmed(one.substr(0, equals))) != "rel") continue;
    std::string relations = lower(trimmed(one.substr(equals + 1)));
    std::erase(relations, '"');
    return (" " + relations + " ").find(" next ") != std::string::npos;
  }
  return false;
}

}  // namespace

bool is_same_origin(std::string_view a, std::string_view b) {
  const auto first = parsed(a), second = parsed(b);
  return first && second && is_http(*first) && first->scheme_id() == second->scheme_id() &&
         lower(first->encoded_host()) == lower(second->encoded_host()) && port_of(*first) == port_of(*second);
}

bool is_plain_http(std::string_view url) {
  const auto one = parsed(url);
  return one && one->scheme_id() == urls::scheme::http;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  const auto from = parsed(base);
  const auto to = urls::parse_uri_reference(reference);
  if (!from || !to || !is_sound(*to) || reference.size() > most_url_bytes) return std::nullopt;
  urls::url resolved;
  if (!urls::resolve(*from, *to, resolved)) return std::nullopt;
  if (!is_http(resolved) || resolved.has_userinfo() || resolved.encoded_host().empty()) return std::nullopt;
  resolved.remove_fragment();
  return std::string(resolved.buffer());
}

std::string with_query(std::string_view url, const Query& parameters) {
  url = url.substr(0, url.find('#'));
  const size_t mark = std::min(url.find('?'), url.size());
  std::string query;
  const auto add = [&query](std::string_view part) { query += (query.empty() ? "?" : "&") + std::string(part); };
  for (std::string_view rest = url.substr(std::min(mark + 1, url.size())); !rest.empty();) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string name = http::percent_decode(part.substr(0, part.find('=')));
    const auto is_set = [&](const auto& parameter) { return parameter.first == name; };
    if (!part.empty() && std::ranges::none_of(parameters, is_set)) add(part);
  }
  for (const auto& [name, value] : parameters) add(http::percent_encode(name) + "=" + http::percent_encode(value));
  return std::string(url.substr(0, mark)) + query;
}

std::string filled(std::string_view text, const std::map<std::string, std::string>& parameters, bool is_encoded) {
  std::string out;
  while (!text.empty()) {
    const size_t begin = std::min(text.find('{'), text.size());
    out += text.substr(0, begin);
    text.remove_prefix(begin);
    const size_t end = text.find('}');
    const auto found = end == std::string_view::npos || text.empty()
                           ? parameters.end()
                           : parameters.find(std::string(text.substr(1, end - 1)));
    if (found == parameters.end()) {
      out += text.substr(0, 1);
      text.remove_prefix(std::min<size_t>(1, text.size()));
      continue;
    }
    out += is_encoded ? http::percent_encode(found->second) : found->second;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string next_link(std::string_view link_header) {
  while (const auto link = take_link(link_header))
    if (is_next(link->parameters)) return std::string(trimmed(link->target));
  return {};
}

bool is_loopback(std::string_view url) {
  const auto parts = parsed(url);
  if (!parts) return false;
  const std::string host = lower(parts->encoded_host());
  const bool is_number = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (is_number && host.starts_with("127."));
}

}  // namespace assay::connect::rest
