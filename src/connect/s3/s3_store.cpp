#include "connect/s3/s3_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>

#include "connect/object_store/xml.h"
#include "connect/s3/signature.h"
#include "connect/setting_reader.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::s3 {
namespace {

using core::Error;
using core::ErrorKind;
using model::Verdict;
using model::VerdictKind;

constexpr std::string_view region_that_knows_all = "us-east-1";
constexpr size_t most_shown = 100;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_of(const std::string& one, const std::string& other) { return one.empty() ? other : one; }

/// A key as encoding-type=url sends it, where "+" is a space.
std::string decode_key(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return http::percent_decode(text);
}

/// Listings have it with quotes or without, headers always with.
std::string change_id(std::string etag, int64_t mtime_ns) {
  std::erase(etag, '"');
  return fmt::format("{} {}", etag, mtime_ns);
}

struct Failure {
  std::string code, region;
};

Failure failure_of(const http::Response& answer) {
  Failure failure{.code = {}, .region = answer.header("x-amz-bucket-region").value_or("")};
  try {
    const XmlElement error = parse_xml(answer.body);
    failure.code = core::printable(error.text_of("Code"), most_shown);
    if (failure.region.empty()) failure.region = core::printable(error.text_of("Region"), most_shown);
  } catch (const Error&) {
    failure.code.clear();
    // An answer without a body, such as that to HEAD, or one of something in between.
  }
  return failure;
}

bool is_about_credentials(std::string_view code) {
  constexpr std::string_view codes[] = {"SignatureDoesNotMatch", "InvalidAccessKeyId",       "ExpiredToken",
                                        "InvalidToken",          "TokenRefreshRequired",     "RequestTimeTooSkewed",
                                        "AccountProblem",        "InvalidAccessKeyIdFormat", "NotSignedUp"};
  return std::ranges::find(codes, code) != std::end(codes);
}

class S3Store final : public Store {
 public:
  S3Store(const SourceAddress& address, ConnectorContext context);

  Page list(const ListQuestion& question) override;
  std::unique_ptr<http::Body> get(const std::string& bucket, const std::string& key, uint64_t offset,
                                  const std::string& version) override;
  Verdict judge(const http::Response& answer) const override;
  ListedObject describe(const std::string& key, const http::Headers& headers) const override;

 private:
  const Credentials& credentials();
  std::string region_of(const std::string& bucket);
  std::string discover_region(const std::string& bucket);
  std::string url(const std::string& bucket, const std::string& region, const std::string& key,
                  const std::string& query) const;
  http::RequestMaker maker(const std::string& bucket, const std::string& url, std::string method,
                           http::Headers headers = {});
  [[noreturn]] static void fail(const http::Response& answer, const std::string& what);

  ConnectorContext context_;
  std::string endpoint_, fixed_region_, access_key_id_, secret_reference_, token_reference_;
  bool is_anonymous_, requester_pays_, is_path_style_ = false, is_virtual_style_ = false;
  http::Client client_;
  std::mutex mutex_;  // readers ask from their threads
  std::optional<Credentials> credentials_;
  std::map<std::string, std::string> regions_;
};

http::ClientOptions options_of(const SourceAddress& address) {
  http::ClientOptions options = client_options(address);
  options.ca_file = first_of(options.ca_file, environment("AWS_CA_BUNDLE"));
  return options;
}

S3Store::S3Store(const SourceAddress& address, ConnectorContext context)
    : context_(std::move(context)),
      endpoint_(first_of(SettingReader(address).text("endpoint"),
                         first_of(environment("AWS_ENDPOINT_URL_S3"), environment("AWS_ENDPOINT_URL")))),
      fixed_region_(first_of(SettingReader(address).text("region"),
                             first_of(environment("AWS_REGION"), environment("AWS_DEFAULT_REGION")))),
      access_key_id_(SettingReader(address).text("access_key_id")),
      secret_reference_(SettingReader(address).text("secret_access_key")),
      token_reference_(SettingReader(address).text("session_token")),
      is_anonymous_(SettingReader(address).flag("anonymous")),
      requester_pays_(SettingReader(address).flag("requester_pays")),
      client_(options_of(address), context_.stop) {
  if (!endpoint_.empty()) parse_endpoint(endpoint_, "endpoint");
  const std::string addressing = SettingReader(address).text("addressing");
  if (!addressing.empty() && addressing != "path" && addressing != "virtual")
    throw Error(ErrorKind::bad_input, "addressing must be path or virtual");
  is_path_style_ = addressing == "path";
  is_virtual_style_ = addressing == "virtual";
  if (access_key_id_.empty() != secret_reference_.empty())
    throw Error(ErrorKind::bad_input, "access_key_id and secret_access_key belong together; give both or neither");
  if (!is_anonymous_ && access_key_id_.empty() &&
      (environment("AWS_ACCESS_KEY_ID").empty() || environment("AWS_SECRET_ACCESS_KEY").empty()))
    throw Error(ErrorKind::bad_input,
                "no credentials for S3: set access_key_id and secret_access_key, or AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY; or anonymous=true for a public bucket");
}

const Credentials& S3Store::credentials() {
  const std::lock_guard lock(mutex_);
  if (credentials_) return *credentials_;
  if (access_key_id_.empty()) {
    credentials_ = {.access_key_id = environment("AWS_ACCESS_KEY_ID"),
                    .secret_access_key = core::Sensitive(environment("AWS_SECRET_ACCESS_KEY")),
                    .session_token = core::Sensitive(environment("AWS_SESSION_TOKEN"))};
  } else {
    credentials_ = {.access_key_id = access_key_id_,
                    .secret_access_key = context_.resolve_secret(secret_reference_),
                    .session_token = {}};
    if (!token_reference_.empty()) credentials_->session_token = context_.resolve_secret(token_reference_);
  }
  return *credentials_;
}

std::string S3Store::url(const std::string& bucket, const std::string& region, const std::string& key,
                         const std::string& query) const {
  const bool is_amazon = endpoint_.empty();
  const Endpoint endpoint = parse_endpoint(
      is_amazon ? fmt::format("https://s3.{}.amazonaws.com{}", region, region.starts_with("cn-") ? ".cn" : "")
                : endpoint_,
      "endpoint");
  // A certificate for *.s3... does not cover a name with more dots.
  const bool is_virtual = is_virtual_style_ || (is_amazon && !is_path_style_ && bucket.find('.') == std::string::npos);
  const std::string place =
      is_virtual ? fmt::format("{}://{}.{}{}", endpoint.scheme, bucket, endpoint.authority, endpoint.base_path)
                 : fmt::format("{}://{}{}/{}", endpoint.scheme, endpoint.authority, endpoint.base_path,
                               http::percent_encode(bucket));
  // A listing in path style is asked of the bucket without a slash, as all servers take it.
  const std::string path = key.empty() && !is_virtual ? "" : "/" + http::percent_encode(key, "/");
  return place + path + (query.empty() ? "" : "?" + query);
}

http::RequestMaker S3Store::maker(const std::string& bucket, const std::string& url, std::string method,
                                  http::Headers headers) {
  if (requester_pays_) headers.push_back({"x-amz-request-payer", "requester"});
  std::string region = is_anonymous_ ? "" : region_of(bucket);
  return [this, url, region = std::move(region), method = std::move(method), headers = std::move(headers)] {
    http::Request request{.method = method, .url = url, .headers = headers};
    if (!is_anonymous_) sign(request, credentials(), region, std::time(nullptr));
    return request;
  };
}

std::string S3Store::region_of(const std::string& bucket) {
  if (!fixed_region_.empty()) return fixed_region_;
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = regions_.find(bucket); known != regions_.end()) return known->second;
  }
  std::string region = discover_region(bucket);
  const std::lock_guard lock(mutex_);
  return regions_[bucket] = std::move(region);
}

std::string S3Store::discover_region(const std::string& bucket) {
  std::string first(region_that_knows_all);
  const auto ask = [&](const char* method, const char* query) {
    const std::string where = url(bucket, first, "", query);
    return client_.fetch([&] {
      http::Request request{.method = method, .url = where};
      if (!is_anonymous_) sign(request, credentials(), first, std::time(nullptr));
      return request;
    });
  };
  // It comes with refusals and redirections too.
  const http::Response answer = ask("HEAD", "");
  std::string region = answer.header("x-amz-bucket-region").value_or("");
  // Some servers say it only where an answer has a body, and those that know no regions nowhere.
  if (region.empty() && answer.status == 400) region = failure_of(ask("GET", "list-type=2&max-keys=1")).region;
  if (region.empty()) return first;
  for (const char c : region)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-')
      throw Error(ErrorKind::permanent, "the server names a region that is none");
  return region;
}

void S3Store::fail(const http::Response& answer, const std::string& what) {
  const auto [code, region] = failure_of(answer);
  const std::string said = code.empty() ? fmt::format("status {}", answer.status) : code;
  if (!region.empty() && (answer.status == 301 || answer.status == 307 || answer.status == 400))
    throw Error(ErrorKind::permanent,
                fmt::format("{}: it is in region {}; set region (or another endpoint)", what, region));
  if (code == "RequestTimeTooSkewed")
    throw Error(ErrorKind::denied,
                fmt::format("{}: the clocks of this machine and of the server differ too much", what));
  if (is_about_credentials(code) || answer.status == 401 || answer.status == 403)
    throw Error(ErrorKind::denied, fmt::format("{}: refused ({})", what, said));
  throw Error(http::kind_of_status(answer.status), fmt::format("{}: the server answered {}", what, said));
}

Page S3Store::list(const ListQuestion& question) {
  std::string query = fmt::format("encoding-type=url&list-type=2&max-keys={}&prefix={}", question.most,
                                  http::percent_encode(question.prefix));
  if (!question.next.empty()) query += "&continuation-token=" + http::percent_encode(question.next);
  else if (!question.start_after.empty()) query += "&start-after=" + http::percent_encode(question.start_after);
  const std::string where = url(question.bucket, region_of(question.bucket), "", query);
  // Whether an object of the archive classes has a copy that can be read.
  const auto make = maker(question.bucket, where, "GET", {{"x-amz-optional-object-attributes", "RestoreStatus"}});
  const http::Response answer = client_.fetch(make);
  if (answer.status != 200) fail(answer, "s3://" + question.bucket);

  const XmlElement listing = parse_xml(answer.body);
  if (listing.name != "ListBucketResult")
    throw Error(ErrorKind::permanent, "the server does not answer as S3 does; check the endpoint");
  const bool is_encoded = listing.text_of("EncodingType") == "url";
  Page page;
  for (const XmlElement& element : listing.children) {
    if (element.name != "Contents") continue;
    ListedObject object{.key = is_encoded ? decode_key(element.text_of("Key")) : element.text_of("Key"),
                        .size = parse_number(element.text_of("Size")),
                        .mtime_ns = parse_iso_time(element.text_of("LastModified")),
                        .change_id = {},
                        .unreadable = {}};
    object.change_id = change_id(element.text_of("ETag"), object.mtime_ns);
    const std::string storage_class = element.text_of("StorageClass");
    const XmlElement* restored = element.find("RestoreStatus");
    const bool has_copy = restored != nullptr && restored->find("RestoreExpiryDate") != nullptr;
    if ((storage_class == "GLACIER" || storage_class == "DEEP_ARCHIVE") && !has_copy)
      object.unreadable = fmt::format("archived in class {}; restore it to have it read", storage_class);
    page.objects.push_back(std::move(object));
  }
  if (listing.text_of("IsTruncated") == "true") {
    page.next = listing.text_of("NextContinuationToken");
    if (page.next.empty()) throw Error(ErrorKind::permanent, "the server cut a listing and does not say how to go on");
  }
  return page;
}

std::unique_ptr<http::Body> S3Store::get(const std::string& bucket, const std::string& key, uint64_t offset,
                                         const std::string& version) {
  http::Headers headers;
  if (offset != 0) headers.push_back({"Range", fmt::format("bytes={}-", offset)});
  if (!version.empty()) headers.push_back({"If-Match", version});
  return client_.open(maker(bucket, url(bucket, region_of(bucket), key, ""), "GET", std::move(headers)));
}

Verdict S3Store::judge(const http::Response& answer) const {
  const auto [code, region] = failure_of(answer);
  const auto verdict = [](std::string reason) {
    return Verdict{.kind = VerdictKind::io_error, .reason = std::move(reason)};
  };
  if (code == "InvalidObjectState") return verdict("archived; restore it to have it read");
  if (is_about_credentials(code)) fail(answer, "S3");
  if (code == "NoSuchBucket") throw Error(ErrorKind::not_found, "S3: the bucket is gone");
  if (answer.status == 404) return verdict("removed since it was listed");
  if (answer.status == 403) return verdict("access denied");
  if (answer.status == 429 || (answer.status > 500 && answer.status < 600)) fail(answer, "S3");
  return verdict(fmt::format("the server answered {}", code.empty() ? fmt::format("status {}", answer.status) : code));
}

ListedObject S3Store::describe(const std::string& key, const http::Headers& headers) const {
  ListedObject object{.key = key,
                      .size = content_length(headers),
                      .mtime_ns = last_modified_ns(headers),
                      .change_id = {},
                      .unreadable = {}};
  object.change_id = change_id(http::find_header(headers, "ETag").value_or(""), object.mtime_ns);
  return object;
}

}  // namespace

std::unique_ptr<Store> make_store(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<S3Store>(address, std::move(context));
}

}  // namespace assay::connect::s3
