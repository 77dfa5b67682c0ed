#include "http/message.h"

#include <curl/curl.h>
#include <strings.h>

#include <algorithm>

#include "core/printable.h"

namespace assay::http {
namespace {

constexpr size_t most_shown_bytes = 300;

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> find_header(const Headers& headers, std::string_view name) {
  const auto found = std::ranges::find_if(headers, [&](const Header& header) {
    return header.name.size() == name.size() && ::strncasecmp(header.name.data(), name.data(), name.size()) == 0;
  });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

core::ErrorKind kind_of_status(int status) noexcept {
  using core::ErrorKind;
  if (status == 401 || status == 403) return ErrorKind::denied;
  if (status == 404 || status == 410) return ErrorKind::not_found;
  if (status == 408 || status == 429 || status >= 500) return ErrorKind::transient;
  return ErrorKind::permanent;
}

std::optional<int64_t> parse_date(const std::string& text) {
  const time_t seconds = ::curl_getdate(text.c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  return seconds;
}

std::string percent_encode(std::string_view bytes, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  text.reserve(bytes.size() + 16);
  for (const char c : bytes) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return text;
}

std::string percent_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

std::string describe_url(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const size_t authority = url.find("://");
  if (authority == std::string_view::npos) return core::printable(url, most_shown_bytes);
  const size_t begin = authority + 3;
  const size_t at = url.substr(begin, url.find('/', begin) - begin).rfind('@');
  std::string shown(url.substr(0, begin));
  shown += url.substr(at == std::string_view::npos ? begin : begin + at + 1);
  return core::printable(shown, most_shown_bytes);
}

}  // namespace assay::http
