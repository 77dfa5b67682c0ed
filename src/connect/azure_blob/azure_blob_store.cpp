#include "connect/azure_blob/azure_blob_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "connect/azure_blob/signature.h"
#include "connect/object_store/digest.h"
#include "connect/object_store/xml.h"
#include "connect/setting_reader.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::azure_blob {
namespace {

using core::Error;
using core::ErrorKind;
using model::Verdict;
using model::VerdictKind;

constexpr size_t most_shown = 100;
constexpr int64_t ns_per_second = 1'000'000'000;

std::string setting_or_variable(const SourceAddress& address, std::string_view name, const char* variable) {
  std::string value = SettingReader(address).text(name);
  if (const char* set = std::getenv(variable); value.empty() && set != nullptr) value = set;
  return value;
}

/// What the service says went wrong (Blob service error codes); "" when it does not.
std::string code_of(const http::Response& answer) {
  return core::printable(answer.header("x-ms-error-code").value_or(""), most_shown);
}

bool is_about_credentials(std::string_view code) {
  constexpr std::string_view codes[] = {
      "AuthenticationFailed",         "NoAuthenticationInformation",  "AccountIsDisabled",
      "InvalidAuthenticationInfo",    "AuthorizationServiceMismatch", "AuthorizationProtocolMismatch",
      "AuthorizationSourceIPMismatch"};
  return std::ranges::find(codes, code) != std::end(codes);
}

class AzureBlobStore final : public Store {
 public:
  AzureBlobStore(const SourceAddress& address, ConnectorContext context);

  bool starts_after() const override { return false; }
  Page list(const ListQuestion& question) override;
  std::unique_ptr<http::Body> get(const std::string& bucket, const std::string& key, uint64_t offset,
                                  const std::string& version) override;
  Verdict judge(const http::Response& answer) const override;
  ListedObject describe(const std::string& key, const http::Headers& headers) const override;

 private:
  enum class Access { key, token, anonymous };

  void learn_secret();
  http::RequestMaker maker(std::string url, http::Headers headers = {});
  [[noreturn]] static void fail(const http::Response& answer, const std::string& what);

  ConnectorContext context_;
  std::string account_, endpoint_, key_reference_, token_reference_;
  Access access_ = Access::anonymous;
  http::Client client_;
  std::mutex mutex_;  // readers ask from their threads
  bool has_secret_ = false;
  core::Sensitive<std::string> secret_;  // the raw key, or the token without "?"
};

AzureBlobStore::AzureBlobStore(const SourceAddress& address, ConnectorContext context)
    : context_(std::move(context)),
      account_(setting_or_variable(address, "account", "AZURE_STORAGE_ACCOUNT")),
      endpoint_(SettingReader(address).text("endpoint")),
      key_reference_(SettingReader(address).text("account_key")),
      token_reference_(SettingReader(address).text("sas_token")),
      client_(client_options(address), context_.stop) {
  if (account_.empty())
    throw Error(ErrorKind::bad_input, "Azure needs an account: set account, or AZURE_STORAGE_ACCOUNT");
  for (const char c : account_)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-')
      throw Error(ErrorKind::bad_input, "account must be the name of a storage account: letters and digits");
  if (endpoint_.empty()) endpoint_ = fmt::format("https://{}.blob.core.windows.net", account_);
  const Endpoint parsed = parse_endpoint(endpoint_, "endpoint");
  endpoint_ = parsed.scheme + "://" + parsed.authority + parsed.base_path;
  if (!key_reference_.empty() && !token_reference_.empty())
    throw Error(ErrorKind::bad_input, "account_key and sas_token are two ways in; give one");
  if (SettingReader(address).flag("anonymous")) return;
  const bool has_key = std::getenv("AZURE_STORAGE_KEY") != nullptr;
  const bool has_token = std::getenv("AZURE_STORAGE_SAS_TOKEN") != nullptr;
  if (!key_reference_.empty() || (token_reference_.empty() && has_key)) access_ = Access::key;
  else if (!token_reference_.empty() || has_token) access_ = Access::token;
  else
    throw Error(ErrorKind::bad_input,
                "no credentials for Azure: set account_key or sas_token, or AZURE_STORAGE_KEY or "
                "AZURE_STORAGE_SAS_TOKEN; or anonymous=true for a public container");
}

void AzureBlobStore::learn_secret() {
  const std::lock_guard lock(mutex_);
  if (has_secret_) return;
  const bool is_key = access_ == Access::key;
  const std::string& reference = is_key ? key_reference_ : token_reference_;
  const char* variable = is_key ? "AZURE_STORAGE_KEY" : "AZURE_STORAGE_SAS_TOKEN";
  const core::Sensitive<std::string> text =
      reference.empty() ? core::Sensitive<std::string>(std::getenv(variable)) : context_.resolve_secret(reference);
  if (is_key) secret_ = core::Sensitive(from_base64(text.reveal()));
  else secret_ = core::Sensitive(text.reveal().starts_with('?') ? text.reveal().substr(1) : text.reveal());
  has_secret_ = true;
}

http::RequestMaker AzureBlobStore::maker(std::string url, http::Headers headers) {
  if (access_ != Access::anonymous) learn_secret();
  if (access_ == Access::token) url += (url.find('?') == std::string::npos ? "?" : "&") + secret_.reveal();
  return [this, url = std::move(url), headers = std::move(headers)] {
    http::Request request{.method = "GET", .url = url, .headers = headers};
    if (access_ == Access::key) sign(request, account_, secret_, std::time(nullptr));
    else request.headers.push_back({"x-ms-version", service_version});
    return request;
  };
}

void AzureBlobStore::fail(const http::Response& answer, const std::string& what) {
  const std::string code = code_of(answer);
  const std::string said = code.empty() ? fmt::format("status {}", answer.status) : code;
  if (is_about_credentials(code) || answer.status == 401 || answer.status == 403)
    throw Error(ErrorKind::denied, fmt::format("{}: refused ({}); the clock of this machine counts too", what, said));
  throw Error(http::kind_of_status(answer.status), fmt::format("{}: the server answered {}", what, said));
}

Page AzureBlobStore::list(const ListQuestion& question) {
  std::string url = fmt::format("{}/{}?comp=list&maxresults={}&prefix={}&restype=container", endpoint_, question.bucket,
                                question.most, http::percent_encode(question.prefix));
  if (!question.next.empty()) url += "&marker=" + http::percent_encode(question.next);
  const http::Response answer = client_.fetch(maker(url));
  if (answer.status != 200) fail(answer, "az://" + question.bucket);
  const XmlElement listing = parse_xml(answer.body);
  const XmlElement* blobs = listing.find("Blobs");
  if (listing.name != "EnumerationResults" || blobs == nullptr)
    throw Error(ErrorKind::permanent, "the server does not answer as Azure does; check the endpoint");
  Page page;
  page.next = listing.text_of("NextMarker");
  for (const XmlElement& blob : blobs->children) {
    const XmlElement* name = blob.find("Name");
    const XmlElement* properties = blob.find("Properties");
    if (blob.name != "Blob" || name == nullptr || properties == nullptr) continue;
    if (properties->text_of("ResourceType") == "directory") continue;  // of an account with a hierarchy
    const bool is_encoded = std::ranges::any_of(
        name->attributes, [](const auto& one) { return one.first == "Encoded" && one.second == "true"; });
    ListedObject object{.key = is_encoded ? http::percent_decode(name->text) : name->text,
                        .size = parse_number(properties->text_of("Content-Length")),
                        .mtime_ns = http::parse_date(properties->text_of("Last-Modified")).value_or(0) * ns_per_second,
                        .change_id = properties->text_of("Etag"),
                        .unreadable = {}};
    std::erase(object.change_id, '"');
    if (properties->text_of("AccessTier") == "Archive")
      object.unreadable = "in the archive tier; rehydrate it to have it read";
    page.objects.push_back(std::move(object));
  }
  return page;
}

std::unique_ptr<http::Body> AzureBlobStore::get(const std::string& bucket, const std::string& key, uint64_t offset,
                                                const std::string& version) {
  http::Headers headers;
  if (offset != 0) headers.push_back({"Range", fmt::format("bytes={}-", offset)});
  if (!version.empty()) headers.push_back({"If-Match", version});
  return client_.open(
      maker(fmt::format("{}/{}/{}", endpoint_, bucket, http::percent_encode(key, "/")), std::move(headers)));
}

Verdict AzureBlobStore::judge(const http::Response& answer) const {
  const std::string code = code_of(answer);
  const auto verdict = [](std::string reason) {
    return Verdict{.kind = VerdictKind::io_error, .reason = std::move(reason)};
  };
  if (code == "BlobArchived" || code == "BlobBeingRehydrated")
    return verdict("in the archive tier; rehydrate it to have it read");
  if (is_about_credentials(code)) fail(answer, "Azure");
  if (code == "ContainerNotFound") throw Error(ErrorKind::not_found, "Azure: the container is gone");
  if (answer.status == 404) return verdict("removed since it was listed");
  if (answer.status == 403) return verdict("access denied");
  if (answer.status == 429 || (answer.status > 500 && answer.status < 600)) fail(answer, "Azure");
  return verdict(fmt::format("the server answered {}", code.empty() ? fmt::format("status {}", answer.status) : code));
}

ListedObject AzureBlobStore::describe(const std::string& key, const http::Headers& headers) const {
  ListedObject object{.key = key,
                      .size = content_length(headers),
                      .mtime_ns = last_modified_ns(headers),
                      .change_id = version_of(headers),
                      .unreadable = {}};
  std::erase(object.change_id, '"');
  return object;
}

}  // namespace

std::unique_ptr<Store> make_store(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<AzureBlobStore>(address, std::move(context));
}

}  // namespace assay::connect::azure_blob
