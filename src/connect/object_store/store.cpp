#include "connect/object_store/store.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <ctime>

#include "connect/setting_reader.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect {
namespace {

constexpr size_t most_shown = 300;
constexpr int64_t ns_per_second = 1'000'000'000;

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

}  // namespace

std::string Store::version_of(const http::Headers& headers) const {
  return http::find_header(headers, "ETag").value_or("");
}

http::ClientOptions client_options(const SourceAddress& address) {
  http::ClientOptions options;
  const SettingReader settings(address);
  options.ca_file = settings.text("ca_file");
  options.connect_to = settings.text("connect_to");
  options.use_environment_proxy = settings.flag("environment_proxy");
  return options;
}

BucketUrl parse_bucket_url(const std::string& url, std::string_view scheme) {
  const std::string begin = std::string(scheme) + "://";
  if (!url.starts_with(begin))
    refuse(fmt::format("'{}' is no {}BUCKET/PREFIX", core::printable(url, most_shown), begin));
  const std::string rest = url.substr(begin.size());
  const size_t slash = rest.find('/');
  BucketUrl parsed{.bucket = rest.substr(0, slash), .prefix = slash == std::string::npos ? "" : rest.substr(slash + 1)};
  parsed.may_be_object = !parsed.prefix.empty() && !parsed.prefix.ends_with('/');
  if (parsed.prefix.ends_with('/')) parsed.prefix.pop_back();
  for (const char c : parsed.bucket)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '.' && c != '_' && c != '$')
      refuse(fmt::format("'{}' is no name of a bucket", core::printable(parsed.bucket, most_shown)));
  if (parsed.bucket.empty()) refuse(fmt::format("'{}' names no bucket", core::printable(url, most_shown)));
  return parsed;
}

Endpoint parse_endpoint(const std::string& url, std::string_view setting) {
  const auto wrong = [&] {
    refuse(fmt::format("{} must be a URL such as https://host:9000; it is '{}'", setting,
                       core::printable(http::describe_url(url), most_shown)));
  };
  const size_t colon = url.find("://");
  if (colon == std::string::npos || url.find_first_of("?#@ \r\n") != std::string::npos) wrong();
  Endpoint endpoint{.scheme = url.substr(0, colon), .authority = {}, .base_path = {}};
  if (endpoint.scheme != "http" && endpoint.scheme != "https") wrong();
  const size_t slash = url.find('/', colon + 3);
  endpoint.authority = url.substr(colon + 3, slash == std::string::npos ? slash : slash - colon - 3);
  if (slash != std::string::npos) endpoint.base_path = url.substr(slash);
  while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
  const std::string default_port = endpoint.scheme == "http" ? ":80" : ":443";
  if (endpoint.authority.ends_with(default_port))
    endpoint.authority.resize(endpoint.authority.size() - default_port.size());
  for (char& c : endpoint.authority) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (endpoint.authority.empty()) wrong();
  return endpoint;
}

int64_t parse_iso_time(const std::string& text) {
  std::tm time{};
  if (::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr) return 0;
  return static_cast<int64_t>(::timegm(&time)) * ns_per_second;
}

int64_t last_modified_ns(const http::Headers& headers) {
  const auto text = http::find_header(headers, "Last-Modified");
  return text ? http::parse_date(*text).value_or(0) * ns_per_second : 0;
}

uint64_t content_length(const http::Headers& headers) {
  return parse_number(http::find_header(headers, "Content-Length").value_or(""));
}

uint64_t parse_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace assay::connect
