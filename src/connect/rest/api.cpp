#include "connect/rest/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "connect/object_store/digest.h"
#include "connect/rest/url.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::rest {
namespace {

using core::ErrorKind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int most_redirects = 5;
constexpr auto default_token_time = std::chrono::minutes(5);
constexpr auto token_margin = std::chrono::seconds(30);
constexpr int64_t longest_token_s = 86'400;
constexpr size_t most_shown = 300;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

[[noreturn]] void refuse_redirect(const std::string& why) {
  throw ReadFailure({model::VerdictKind::io_error, "the server redirects " + why});
}

std::string form(const Query& fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    text += (text.empty() ? "" : "&") + http::percent_encode(name) + "=" + http::percent_encode(value);
  return text;
}

std::string basic(const std::string& user, const std::string& password) {
  return "Basic " + base64(user + ":" + password);
}

}  // namespace

milliseconds Throttle::take(steady_clock::time_point now) {
  if (limit_.requests_per_s <= 0) return milliseconds(0);
  if (counted_ != steady_clock::time_point{}) {
    const double seconds = std::chrono::duration<double>(now - counted_).count();
    tokens_ = std::min(limit_.burst, tokens_ + seconds * limit_.requests_per_s);
  }
  counted_ = now;
  tokens_ -= 1;
  if (tokens_ >= 0) return milliseconds(0);
  return milliseconds(static_cast<int64_t>(std::ceil(-tokens_ / limit_.requests_per_s * 1000)));
}

Api::Api(const Description& description, http::ClientOptions options, ConnectorContext context)
    : description_(description),
      resolve_secret_(std::move(context.resolve_secret)),
      stop_(context.stop),
      client_(std::move(options), context.stop),
      throttle_(description.rate_limit) {}

const core::Sensitive<std::string>& Api::secret() {
  if (!has_secret_) secret_ = resolve_secret_(description_.auth.secret);
  has_secret_ = true;
  return secret_;
}

// The client credentials grant: RFC 6749, 4.4.
const core::Sensitive<std::string>& Api::token() {
  if (steady_clock::now() < token_ends_) return token_;
  const Auth& auth = description_.auth;
  const std::string where = http::describe_url(auth.token_url);
  Query fields = {{"grant_type", "client_credentials"}};
  if (!auth.scope.empty()) fields.emplace_back("scope", auth.scope);
  http::Request question{
      .method = "POST",
      .url = auth.token_url,
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}};
  if (auth.is_sent_as_header) {  // both percent-encoded at first: RFC 6749, 2.3.1
    const std::string user = http::percent_encode(auth.user), password = http::percent_encode(secret().reveal());
    question.headers.push_back({"Authorization", basic(user, password)});
  } else {
    fields.emplace_back("client_id", auth.user);
    fields.emplace_back("client_secret", secret().reveal());
  }
  question.body = form(fields);
  const http::Response answer = client_.fetch(question);
  if (!answer.is_success()) {
    const bool is_refused = answer.status / 100 == 4 && answer.status != 408 && answer.status != 429;
    throw core::Error(is_refused ? ErrorKind::denied : http::kind_of_status(answer.status),
                      fmt::format("{} gives no token: status {}", where, answer.status));
  }
  boost::json::value body;
  try {
    body = parse_json(answer.body);
  } catch (const ReadFailure&) {
    throw core::Error(ErrorKind::permanent, where + " answers with no JSON");
  }
  const auto* text = JsonPath("access_token").find(body);
  if (text == nullptr || !text->is_string())
    throw core::Error(ErrorKind::permanent, where + " answers without an access_token");
  token_ = core::Sensitive(std::string(text->get_string()));
  const auto* lasts = JsonPath("expires_in").find(body);
  const int64_t seconds = lasts != nullptr && lasts->is_int64()
                              ? std::clamp<int64_t>(lasts->get_int64(), 0, longest_token_s)
                              : default_token_time / std::chrono::seconds(1);
  token_ends_ = steady_clock::now() + std::chrono::seconds(seconds) - token_margin;
  return token_;
}

http::Request Api::request(const std::string& url) {
  http::wait_before_retry(throttle_.take(steady_clock::now()), stop_);
  http::Request request{.url = url};
  for (const auto& [name, value] : description_.headers) request.headers.push_back({name, value});
  if (!http::find_header(request.headers, "Accept")) request.headers.push_back({"Accept", "application/json"});
  // A last look before a secret leaves: no way here may lead to another origin.
  if (!is_same_origin(url, description_.base_url))
    throw core::Error(ErrorKind::bug, "an API's client was sent to another origin");
  const Auth& auth = description_.auth;
  switch (auth.type) {
    case Auth::Type::none: break;
    case Auth::Type::bearer: request.headers.push_back({"Authorization", "Bearer " + secret().reveal()}); break;
    case Auth::Type::basic: request.headers.push_back({"Authorization", basic(auth.user, secret().reveal())}); break;
    case Auth::Type::oauth2: request.headers.push_back({"Authorization", "Bearer " + token().reveal()}); break;
    case Auth::Type::api_key:
      if (auth.header.empty()) request.url = with_query(url, {{auth.query, secret().reveal()}});
      else request.headers.push_back({auth.header, secret().reveal()});
      break;
  }
  return request;
}

http::Response Api::whole(const std::string& url) {
  const http::RetryPolicy& retry = client_.options().retry;
  for (int attempt = 1;; ++attempt) {
    const auto body = client_.open([&] { return request(url); });
    try {
      http::Response answer = body->beginning(description_.max_page_bytes + 1);
      if (answer.body.size() > description_.max_page_bytes)
        throw ReadFailure({model::VerdictKind::limit, fmt::format("max_page_bytes: an answer is longer than {} bytes",
                                                                  description_.max_page_bytes)});
      return answer;
    } catch (const core::Error& error) {  // an answer that broke off is asked for again
      const auto delay = http::delay_before_retry(retry, attempt, nullptr);
      if (error.kind() != ErrorKind::transient || !delay) throw;
      http::wait_before_retry(*delay, stop_);
    }
  }
}

http::Response Api::get_once(const std::string& url) {
  http::Response answer = whole(url);
  if (answer.status == 401 && description_.auth.type == Auth::Type::oauth2) {
    token_ends_ = {};  // it may have been withdrawn before its time
    answer = whole(url);
  }
  const std::string where = http::describe_url(url);
  if (answer.status == 401)
    throw core::Error(ErrorKind::denied, fmt::format("{}: the credentials are refused (status 401)", where));
  if (answer.status == 408 || answer.status == 429 || (answer.status >= 502 && answer.status <= 504))
    throw core::Error(ErrorKind::transient, fmt::format("{}: status {}", where, answer.status));
  return answer;
}

http::Response Api::get(std::string url) {
  for (int redirects = 0;; ++redirects) {
    http::Response answer = get_once(url);
    const auto location = answer.header("Location");
    if (!is_redirect(answer.status) || !location) return answer;
    const auto target = resolve_url(url, *location);
    if (!target) refuse_redirect("to what is no URL");
    if (!is_same_origin(*target, description_.base_url))
      refuse_redirect(fmt::format("to another origin, which is not followed: {}",
                                  core::printable(http::describe_url(*target), most_shown)));
    if (redirects == most_redirects) refuse_redirect(fmt::format("more than {} times", most_redirects));
    url = *target;
  }
}

}  // namespace assay::connect::rest
