#include "secure/providers/vault_session.h"

#include <fmt/format.h>

#include <chrono>

#include "core/error.h"
#include "core/printable.h"
#include "secure/secret_json.h"

namespace assay::secure {
namespace {

using core::ErrorKind;

[[noreturn]] void refuse(ErrorKind kind, const std::string& message) { throw core::Error(kind, message); }

bool is_this_machine(std::string_view rest) {
  const std::string_view host = rest.substr(0, rest.find_first_of(rest.starts_with('[') ? "]" : ":/"));
  return host == "127.0.0.1" || host == "localhost" || host == "[::1";
}

VaultOptions checked(VaultOptions options) {
  while (options.address.ends_with('/')) options.address.pop_back();
  constexpr std::string_view plain = "http://";
  const bool is_plain = options.address.starts_with(plain);
  if (!is_plain && !options.address.starts_with("https://"))
    refuse(ErrorKind::bad_input, "vault.address must be https://HOST:PORT");
  if (is_plain && !is_this_machine(std::string_view(options.address).substr(plain.size())))
    refuse(ErrorKind::bad_input, "vault.address must be https: over http, anyone on the way could read the secrets");
  if (options.address.find('@') != std::string::npos)
    refuse(ErrorKind::bad_input, "vault.address must have no user or password in it");
  if (!options.token && (options.role_id.empty() || !options.secret_id))
    refuse(ErrorKind::bad_input, "Vault needs vault.token, or vault.role_id and vault.secret_id");
  if (!options.now_ms)
    options.now_ms = [] {
      return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count();
    };
  return options;
}

/// What every answer may be, whatever was asked. Throws unless it is an answer to the question.
void check_answer(const HttpAnswer& answer, const std::string& who) {
  const int status = answer.status;
  if (status >= 300 && status < 400)
    refuse(ErrorKind::permanent,
           fmt::format("{} sends to {}; set vault.address to the server that answers itself", who,
                       core::printable(answer.location.empty() ? "another address" : answer.location, 300)));
  if (status == 429) refuse(ErrorKind::transient, fmt::format("{} asks for fewer requests; try again later", who));
  if (status == 503) {
    const bool is_sealed = answer.body.reveal().find("sealed") != std::string::npos;
    refuse(ErrorKind::transient,
           fmt::format("{} is {}", who,
                       is_sealed ? "sealed: an operator must unseal it" : "down for maintenance, or overloaded"));
  }
  if (status >= 500) refuse(ErrorKind::transient, fmt::format("{} fails with status {}", who, status));
}

}  // namespace

VaultSession::VaultSession(VaultOptions options)
    : options_(checked(std::move(options))), who_("Vault at " + core::printable(options_.address, 300)) {}

HttpAnswer VaultSession::send(const char* method, std::string_view path, const core::Sensitive<std::string>* token,
                              core::Sensitive<std::string> body) const {
  HttpRequest request{.method = method,
                      .url = fmt::format("{}/v1/{}", options_.address, path),
                      .headers = {},
                      .body = std::move(body),
                      .ca_file = options_.ca_file,
                      .timeout_ms = options_.timeout_ms};
  request.headers.emplace_back("X-Vault-Request", core::Sensitive<std::string>("true"));
  if (!options_.name_space.empty())
    request.headers.emplace_back("X-Vault-Namespace", core::Sensitive(options_.name_space));
  if (!request.body.reveal().empty())
    request.headers.emplace_back("Content-Type", core::Sensitive<std::string>("application/json"));
  if (token) request.headers.emplace_back("X-Vault-Token", *token);
  HttpAnswer answer = send_request(request, who_);
  check_answer(answer, who_);
  return answer;
}

HttpAnswer VaultSession::get(std::string_view path) {
  auto token = current_token();
  HttpAnswer answer = send("GET", path, &token);
  if (answer.status != 403 || !replace_token(token)) return answer;
  token = current_token();
  return send("GET", path, &token);
}

core::Sensitive<std::string> VaultSession::current_token() {
  const std::lock_guard lock(mutex_);
  const int64_t age_ms = options_.now_ms() - token_.obtained_at_ms;
  const bool has_ended = token_.lease_ms > 0 && age_ms >= token_.lease_ms;
  if (token_.text.reveal().empty() || has_ended) log_in();
  else if (token_.is_renewable && token_.lease_ms > 0 && 3 * age_ms >= 2 * token_.lease_ms) renew();
  return token_.text;
}

bool VaultSession::replace_token(const core::Sensitive<std::string>& refused) {
  const std::lock_guard lock(mutex_);
  // Another thread may have done so meanwhile.
  if (token_.text.reveal() == refused.reveal()) log_in();
  return token_.text.reveal() != refused.reveal();
}

void VaultSession::log_in() {
  if (options_.token) log_in_with_token();
  else log_in_with_approle();
}

void VaultSession::log_in_with_token() {
  Token token;
  token.text = options_.token();
  token.obtained_at_ms = options_.now_ms();
  const HttpAnswer answer = send("GET", "auth/token/lookup-self", &token.text);
  // A policy may keep a token from looking at itself; then it serves until it is refused.
  if (answer.status == 200) {
    const SecretJson document(answer.body.reveal());
    if (const auto* data = document.object({"data"})) {
      token.lease_ms = number_member(*data, "ttl") * 1000;
      const auto* renewable = data->if_contains("renewable");
      token.is_renewable = renewable && renewable->is_bool() && renewable->get_bool();
    }
  }
  token_ = std::move(token);
}

void VaultSession::log_in_with_approle() {
  Token token;
  token.obtained_at_ms = options_.now_ms();
  const core::Sensitive<std::string> secret_id = options_.secret_id();
  core::Sensitive<std::string> body(fmt::format(
      R"({{"role_id":{},"secret_id":{}}})", boost::json::serialize(boost::json::string_view(options_.role_id)),
      core::Sensitive<std::string>(boost::json::serialize(boost::json::string_view(secret_id.reveal()))).reveal()));
  const HttpAnswer answer =
      send("POST", fmt::format("auth/{}/login", options_.approle_mount), nullptr, std::move(body));
  if (answer.status == 404)
    refuse(ErrorKind::not_found, fmt::format("{} has no AppRole login at auth/{}; see vault.approle_mount", who_,
                                             core::printable(options_.approle_mount, 200)));
  if (answer.status != 200)
    refuse(ErrorKind::denied,
           fmt::format("{} refuses the role ID or the secret ID of its AppRole (status {})", who_, answer.status));
  const SecretJson document(answer.body.reveal());
  const auto* auth = document.object({"auth"});
  auto text = auth ? text_member(*auth, "client_token") : std::nullopt;
  if (!text) refuse(ErrorKind::permanent, fmt::format("{} answers a login without a token", who_));
  token.text = std::move(*text);
  token.lease_ms = number_member(*auth, "lease_duration") * 1000;
  const auto* renewable = auth->if_contains("renewable");
  token.is_renewable = renewable && renewable->is_bool() && renewable->get_bool();
  token_ = std::move(token);
}

void VaultSession::renew() {
  const int64_t asked_at_ms = options_.now_ms();
  try {
    const HttpAnswer answer = send("POST", "auth/token/renew-self", &token_.text, core::Sensitive<std::string>("{}"));
    const SecretJson document(answer.body.reveal());
    const auto* auth = answer.status == 200 ? document.object({"auth"}) : nullptr;
    const int64_t lease_ms = auth ? number_member(*auth, "lease_duration") * 1000 : 0;
    const int64_t left_ms = token_.obtained_at_ms + token_.lease_ms - asked_at_ms;
    if (lease_ms > left_ms) {
      token_.obtained_at_ms = asked_at_ms;
      token_.lease_ms = lease_ms;
      return;
    }
    token_.is_renewable = false;  // it is refused, or nears its longest life: it serves until it ends
  } catch (const core::Error& error) {
    if (error.kind() != ErrorKind::transient) throw;  // what comes next says whether Vault can be reached
  }
}

}  // namespace assay::secure
