#include "secure/http_request.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <string.h>

#include <memory>

#include "core/error.h"

namespace assay::secure {
namespace {

constexpr size_t max_answer_bytes = 256UL << 10;

struct EndHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// Header lines, overwritten when they are not needed any more.
class Headers {
 public:
  Headers() = default;
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;
  ~Headers() {
    for (curl_slist* at = list_; at != nullptr; at = at->next) ::explicit_bzero(at->data, ::strlen(at->data));
    curl_slist_free_all(list_);
  }
  void add(const std::string& name, const std::string& value) {
    std::string line;
    line.reserve(name.size() + value.size() + 3);
    line.append(name).append(": ").append(value);
    const core::Sensitive<std::string> wiped(std::move(line));
    curl_slist* longer = curl_slist_append(list_, wiped.reveal().c_str());
    if (longer == nullptr) throw core::Error(core::ErrorKind::transient, "there is no memory for a request");
    list_ = longer;
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

size_t take(char* data, size_t size, size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  const size_t bytes = size * count;
  if (text.size() + bytes > max_answer_bytes) return 0;  // ends the transfer
  text.append(data, bytes);
  return bytes;
}

void start_library() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw core::Error(core::ErrorKind::permanent, "the library libcurl cannot start");
}

[[noreturn]] void refuse(CURLcode code, const std::string& who, int64_t timeout_ms) {
  using enum core::ErrorKind;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      throw core::Error(transient, fmt::format("{} cannot be reached: its name has no address", who));
    case CURLE_COULDNT_CONNECT:
      throw core::Error(transient, fmt::format("{} cannot be reached: nobody takes the connection", who));
    case CURLE_OPERATION_TIMEDOUT:
      throw core::Error(transient, fmt::format("{} does not answer within {} ms", who, timeout_ms));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      throw core::Error(permanent, fmt::format("the certificate of {} is not trusted, or is for another name", who));
    case CURLE_SSL_CACERT_BADFILE:
      throw core::Error(bad_input, fmt::format("the file with the certificate authority of {} cannot be read", who));
    case CURLE_WRITE_ERROR:
      throw core::Error(permanent, fmt::format("{} answers with more than {} bytes", who, max_answer_bytes));
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: throw core::Error(bad_input, fmt::format("the address of {} is none", who));
    default: throw core::Error(transient, fmt::format("talking to {} failed: {}", who, curl_easy_strerror(code)));
  }
}

template <typename Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK)
    throw core::Error(core::ErrorKind::bug, "an option of libcurl cannot be set");
}

void set_method(CURL* handle, const HttpRequest& request) {
  if (request.method == "GET") return;
  set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
  set(handle, CURLOPT_POSTFIELDS, request.body.reveal().c_str());
}

void set_transport(CURL* handle, const HttpRequest& request) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeout_ms));
  if (!request.ca_file.empty()) set(handle, CURLOPT_CAINFO, request.ca_file.c_str());
  if (request.url.starts_with("http://")) set(handle, CURLOPT_NOPROXY, "*");  // only to this machine
}

}  // namespace

HttpAnswer send_request(const HttpRequest& request, const std::string& who) {
  start_library();
  const std::unique_ptr<CURL, EndHandle> owner(curl_easy_init());
  CURL* handle = owner.get();
  if (handle == nullptr) throw core::Error(core::ErrorKind::transient, "there is no memory for a request");
  Headers headers;
  for (const auto& [name, value] : request.headers) headers.add(name, value.reveal());
  std::string body;
  body.reserve(max_answer_bytes);  // it does not move, so nothing of it is left elsewhere
  set(handle, CURLOPT_URL, request.url.c_str());
  set_transport(handle, request);
  set_method(handle, request);
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  set(handle, CURLOPT_WRITEFUNCTION, take);
  set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&body));
  const CURLcode code = curl_easy_perform(handle);
  HttpAnswer answer;
  answer.body = core::Sensitive<std::string>(std::move(body));
  if (code != CURLE_OK) refuse(code, who, request.timeout_ms);
  long status = 0;
  const char* location = nullptr;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &location);
  answer.status = static_cast<int>(status);
  if (location != nullptr) answer.location = location;
  return answer;
}

}  // namespace assay::secure
