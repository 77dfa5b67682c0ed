#include "connect/gcs/gcs_store.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>

#include "connect/gcs/access_token.h"
#include "connect/setting_reader.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::gcs {
namespace {

using core::Error;
using core::ErrorKind;
using model::Verdict;
using model::VerdictKind;
namespace json = boost::json;

constexpr size_t most_shown = 200;
constexpr size_t most_key_file_bytes = 64 << 10;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

core::Sensitive<std::string> read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(most_key_file_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() == 0)
    throw Error(ErrorKind::bad_input,
                fmt::format("the file '{}' that GOOGLE_APPLICATION_CREDENTIALS names cannot be read",
                            core::printable(path, most_shown)));
  text.resize(static_cast<size_t>(file.gcount()));
  return core::Sensitive(std::move(text));
}

class GcsStore final : public Store {
 public:
  GcsStore(const SourceAddress& address, ConnectorContext context);

  Page list(const ListQuestion& question) override;
  std::unique_ptr<http::Body> get(const std::string& bucket, const std::string& key, uint64_t offset,
                                  const std::string& version) override;
  std::string version_of(const http::Headers& headers) const override;
  Verdict judge(const http::Response& answer) const override;
  ListedObject describe(const std::string& key, const http::Headers& headers) const override;

 private:
  core::Sensitive<std::string> token();
  http::RequestMaker maker(std::string url, http::Headers headers = {});
  [[noreturn]] static void fail(const http::Response& answer, const std::string& what);

  ConnectorContext context_;
  std::string endpoint_, credentials_reference_, token_reference_, key_file_, user_project_;
  bool is_anonymous_;
  http::Client client_;
  std::mutex mutex_;  // readers ask from their threads
  std::optional<core::Sensitive<std::string>> fixed_token_;
  std::unique_ptr<TokenSource> tokens_;
};

GcsStore::GcsStore(const SourceAddress& address, ConnectorContext context)
    : context_(std::move(context)),
      endpoint_(SettingReader(address).text("endpoint")),
      credentials_reference_(SettingReader(address).text("credentials")),
      token_reference_(SettingReader(address).text("access_token")),
      user_project_(SettingReader(address).text("user_project")),
      is_anonymous_(SettingReader(address).flag("anonymous")),
      client_(client_options(address), context_.stop) {
  if (endpoint_.empty()) endpoint_ = "https://storage.googleapis.com";
  const Endpoint parsed = parse_endpoint(endpoint_, "endpoint");
  endpoint_ = parsed.scheme + "://" + parsed.authority + parsed.base_path;
  if (!credentials_reference_.empty() && !token_reference_.empty())
    throw Error(ErrorKind::bad_input, "credentials and access_token are two ways in; give one");
  if (const char* path = std::getenv("GOOGLE_APPLICATION_CREDENTIALS"); path != nullptr) key_file_ = path;
  if (!is_anonymous_ && credentials_reference_.empty() && token_reference_.empty() && key_file_.empty())
    throw Error(ErrorKind::bad_input,
                "no credentials for Google Cloud Storage: set credentials or access_token, or "
                "GOOGLE_APPLICATION_CREDENTIALS; or anonymous=true for a public bucket");
}

core::Sensitive<std::string> GcsStore::token() {
  const std::lock_guard lock(mutex_);
  if (!token_reference_.empty()) {
    if (!fixed_token_) fixed_token_ = context_.resolve_secret(token_reference_);
    return *fixed_token_;
  }
  if (!tokens_) {
    const core::Sensitive<std::string> text =
        credentials_reference_.empty() ? read_key_file(key_file_) : context_.resolve_secret(credentials_reference_);
    tokens_ = std::make_unique<TokenSource>(parse_service_account(text), client_);
  }
  return tokens_->token();
}

http::RequestMaker GcsStore::maker(std::string url, http::Headers headers) {
  if (!user_project_.empty()) headers.push_back({"x-goog-user-project", user_project_});
  return [this, url = std::move(url), headers = std::move(headers)] {
    http::Request request{.method = "GET", .url = url, .headers = headers};
    if (!is_anonymous_) request.headers.push_back({"Authorization", "Bearer " + token().reveal()});
    return request;
  };
}

void GcsStore::fail(const http::Response& answer, const std::string& what) {
  if (answer.status == 401 || answer.status == 403)
    throw Error(ErrorKind::denied, fmt::format("{}: refused (status {})", what, answer.status));
  throw Error(http::kind_of_status(answer.status),
              fmt::format("{}: the server answered status {}", what, answer.status));
}

Page GcsStore::list(const ListQuestion& question) {
  std::string url = fmt::format(
      "{}/storage/v1/b/{}/o?maxResults={}&prefix={}&projection=noAcl&fields=nextPageToken,items(name,size,updated,"
      "generation)",
      endpoint_, http::percent_encode(question.bucket), question.most, http::percent_encode(question.prefix));
  if (!question.next.empty()) url += "&pageToken=" + http::percent_encode(question.next);
  // The key itself comes again: there is no way to ask for what is behind it only.
  if (!question.start_after.empty()) url += "&startOffset=" + http::percent_encode(question.start_after);
  const http::Response answer = client_.fetch(maker(url));
  if (answer.status != 200) fail(answer, "gs://" + question.bucket);
  boost::system::error_code error;
  const json::value listing = json::parse(answer.body, error);
  if (error || !listing.is_object())
    throw Error(ErrorKind::permanent, "the server does not answer as Google Cloud Storage does; check the endpoint");
  Page page;
  page.next = text_of(listing.get_object(), "nextPageToken");
  const json::value* items = listing.get_object().if_contains("items");
  if (items == nullptr || !items->is_array()) return page;
  for (const json::value& item : items->get_array()) {
    if (!item.is_object()) continue;
    const json::object& fields = item.get_object();
    page.objects.push_back({.key = text_of(fields, "name"),
                            .size = parse_number(text_of(fields, "size")),
                            .mtime_ns = parse_iso_time(text_of(fields, "updated")),
                            .change_id = text_of(fields, "generation"),
                            .unreadable = {}});
  }
  return page;
}

std::unique_ptr<http::Body> GcsStore::get(const std::string& bucket, const std::string& key, uint64_t offset,
                                          const std::string& version) {
  // What is kept compressed comes as it is kept, so that its size and its ranges are those of the listing.
  http::Headers headers{{"Accept-Encoding", "gzip"}};
  if (offset != 0) headers.push_back({"Range", fmt::format("bytes={}-", offset)});
  std::string url = fmt::format("{}/storage/v1/b/{}/o/{}?alt=media", endpoint_, http::percent_encode(bucket),
                                http::percent_encode(key));
  if (!version.empty()) url += "&ifGenerationMatch=" + http::percent_encode(version);
  return client_.open(maker(std::move(url), std::move(headers)));
}

std::string GcsStore::version_of(const http::Headers& headers) const {
  return http::find_header(headers, "x-goog-generation").value_or("");
}

Verdict GcsStore::judge(const http::Response& answer) const {
  const auto verdict = [](std::string reason) {
    return Verdict{.kind = VerdictKind::io_error, .reason = std::move(reason)};
  };
  if (answer.status == 401) fail(answer, "Google Cloud Storage");
  if (answer.status == 404) return verdict("removed since it was listed");
  if (answer.status == 403) return verdict("access denied");
  if (answer.status == 429 || (answer.status > 500 && answer.status < 600)) fail(answer, "Google Cloud Storage");
  return verdict(fmt::format("the server answered status {}", answer.status));
}

ListedObject GcsStore::describe(const std::string& key, const http::Headers& headers) const {
  return {.key = key,
          .size = content_length(headers),
          .mtime_ns = last_modified_ns(headers),
          .change_id = version_of(headers),
          .unreadable = {}};
}

}  // namespace

std::unique_ptr<Store> make_store(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<GcsStore>(address, std::move(context));
}

}  // namespace assay::connect::gcs
