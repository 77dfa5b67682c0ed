#include "connect/azure_blob/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "connect/object_store/digest.h"

namespace assay::connect::azure_blob {
namespace {

std::string http_date(std::time_t time) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days.at(static_cast<size_t>(parts.tm_wday)),
                     parts.tm_mday, months.at(static_cast<size_t>(parts.tm_mon)), parts.tm_year + 1900, parts.tm_hour,
                     parts.tm_min, parts.tm_sec);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string canonical_resource(const std::string& url, const std::string& account) {
  const size_t path = std::min(url.find('/', url.find("://") + 3), url.size());
  const size_t question = std::min(url.find('?', path), url.size());
  std::string text = "/" + account + url.substr(path, question - path);
  std::multimap<std::string, std::string> parameters;
  for (size_t at = question + 1; at < url.size();) {
    const size_t end = std::min(url.find('&', at), url.size());
    const std::string one = url.substr(at, end - at);
    const size_t equals = std::min(one.find('='), one.size());
    parameters.emplace(lower(http::percent_decode(one.substr(0, equals))),
                       equals < one.size() ? http::percent_decode(one.substr(equals + 1)) : "");
    at = end + 1;
  }
  for (const auto& [name, value] : parameters) text += fmt::format("\n{}:{}", name, value);
  return text;
}

}  // namespace

void sign(http::Request& request, const std::string& account, const core::Sensitive<std::string>& key,
          std::time_t now) {
  request.headers.push_back({"x-ms-date", http_date(now)});
  request.headers.push_back({"x-ms-version", service_version});
  const auto value = [&](const char* name) { return http::find_header(request.headers, name).value_or(""); };
  const std::string length = request.body.empty() ? "" : std::to_string(request.body.size());
  std::string to_sign = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n\n{}\n{}\n{}\n{}\n{}\n", request.method,
                                    value("Content-Encoding"), value("Content-Language"), length, value("Content-MD5"),
                                    value("Content-Type"), value("If-Modified-Since"), value("If-Match"),
                                    value("If-None-Match"), value("If-Unmodified-Since"), value("Range"));
  std::map<std::string, std::string> own;
  for (const http::Header& header : request.headers)
    if (const std::string name = lower(header.name); name.starts_with("x-ms-")) own[name] = header.value;
  for (const auto& [name, text] : own) to_sign += fmt::format("{}:{}\n", name, text);
  to_sign += canonical_resource(request.url, account);
  request.headers.push_back(
      {"Authorization", fmt::format("SharedKey {}:{}", account, base64(bytes_of(hmac_sha256(key.reveal(), to_sign))))});
}

}  // namespace assay::connect::azure_blob
