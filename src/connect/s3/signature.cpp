#include "connect/s3/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "connect/object_store/digest.h"

namespace assay::connect::s3 {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string time_text(std::time_t time, const char* format) {
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

struct UrlParts {
  std::string host, path, query;
};

UrlParts take_apart(const std::string& url) {
  const size_t begin = url.find("://") + 3;
  const size_t path = std::min(url.find_first_of("/?", begin), url.size());
  const size_t question = std::min(url.find('?', path), url.size());
  UrlParts parts{.host = url.substr(begin, path - begin),
                 .path = url.substr(path, question - path),
                 .query = question < url.size() ? url.substr(question + 1) : ""};
  if (parts.path.empty()) parts.path = "/";
  return parts;
}

std::string canonical_query(const std::string& query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (size_t at = 0; at < query.size();) {
    const size_t end = std::min(query.find('&', at), query.size());
    const std::string one = query.substr(at, end - at);
    const size_t equals = one.find('=');
    parameters.emplace_back(one.substr(0, equals), equals == std::string::npos ? "" : one.substr(equals + 1));
    at = end + 1;
  }
  std::ranges::sort(parameters);
  std::string text;
  for (const auto& [name, value] : parameters) text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, value);
  return text;
}

Digest signing_key(const Credentials& credentials, std::string_view date, std::string_view region) {
  Digest key = hmac_sha256("AWS4" + credentials.secret_access_key.reveal(), date);
  key = hmac_sha256(bytes_of(key), region);
  key = hmac_sha256(bytes_of(key), "s3");
  return hmac_sha256(bytes_of(key), "aws4_request");
}

}  // namespace

void sign(http::Request& request, const Credentials& credentials, const std::string& region, std::time_t now) {
  const std::string moment = time_text(now, "%Y%m%dT%H%M%SZ"), date = moment.substr(0, 8);
  const std::string body_digest = hex(bytes_of(sha256(request.body)));
  request.headers.push_back({"x-amz-content-sha256", body_digest});
  request.headers.push_back({"x-amz-date", moment});
  if (const std::string& token = credentials.session_token.reveal(); !token.empty())
    request.headers.push_back({"x-amz-security-token", token});

  const UrlParts parts = take_apart(request.url);
  std::map<std::string, std::string> headers{{"host", parts.host}};
  for (const http::Header& header : request.headers) headers[lower(header.name)] = header.value;
  std::string canonical_headers, signed_names;
  for (const auto& [name, value] : headers) {
    canonical_headers += fmt::format("{}:{}\n", name, value);
    signed_names += (signed_names.empty() ? "" : ";") + name;
  }
  const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, parts.path,
                                            canonical_query(parts.query), canonical_headers, signed_names, body_digest);
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", date, region);
  const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", algorithm, moment, scope, hex(bytes_of(sha256(canonical))));
  const Digest signature = hmac_sha256(bytes_of(signing_key(credentials, date, region)), to_sign);
  request.headers.push_back(
      {"Authorization", fmt::format("{} Credential={}/{},SignedHeaders={},Signature={}", algorithm,
                                    credentials.access_key_id, scope, signed_names, hex(bytes_of(signature)))});
}

}  // namespace assay::connect::s3
