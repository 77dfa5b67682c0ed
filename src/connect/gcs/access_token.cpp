#include "connect/gcs/access_token.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <boost/json.hpp>
#include <memory>

#include "connect/object_store/digest.h"
#include "connect/object_store/store.h"
#include "core/error.h"

namespace assay::connect::gcs {
namespace {

using core::Error;
using core::ErrorKind;
namespace json = boost::json;

constexpr std::time_t lifetime_s = 3600;
constexpr std::time_t margin_s = 300;
constexpr std::string_view scope = "https://www.googleapis.com/auth/devstorage.read_only";

struct Free {
  void operator()(BIO* one) const { ::BIO_free(one); }
  void operator()(EVP_PKEY* one) const { ::EVP_PKEY_free(one); }
  void operator()(EVP_MD_CTX* one) const { ::EVP_MD_CTX_free(one); }
};

std::string sign_rs256(const core::Sensitive<std::string>& pem, std::string_view bytes) {
  const std::string& text = pem.reveal();
  const std::unique_ptr<BIO, Free> bio(::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(
      bio ? ::PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")) : nullptr);
  const std::unique_ptr<EVP_MD_CTX, Free> context(::EVP_MD_CTX_new());
  size_t size = 0;
  std::string signature;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  bool is_signed = key && context && ::EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA &&
                   ::EVP_DigestSignInit(context.get(), nullptr, ::EVP_sha256(), nullptr, key.get()) == 1 &&
                   ::EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) == 1;
  if (is_signed) {
    signature.resize(size);
    is_signed = ::EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                                 bytes.size()) == 1;
    signature.resize(size);
  }
  if (!is_signed) throw Error(ErrorKind::bad_input, "the private key of the service account is no RSA key in PEM");
  return signature;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

ServiceAccount parse_service_account(const core::Sensitive<std::string>& text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(text.reveal(), error);
  if (error || !parsed.is_object())
    throw Error(ErrorKind::bad_input, "credentials must be the JSON key file of a service account");
  const json::object& object = parsed.get_object();
  ServiceAccount account{.email = text_of(object, "client_email"),
                         .token_url = text_of(object, "token_uri"),
                         .key_id = text_of(object, "private_key_id"),
                         .private_key = core::Sensitive(text_of(object, "private_key"))};
  if (account.token_url.empty()) account.token_url = "https://oauth2.googleapis.com/token";
  if (text_of(object, "type") != "service_account" || account.email.empty() || account.private_key.reveal().empty())
    throw Error(ErrorKind::bad_input,
                "credentials must be the JSON key file of a service account; other kinds are not read");
  parse_endpoint(account.token_url, "token_uri of the credentials");
  return account;
}

core::Sensitive<std::string> make_assertion(const ServiceAccount& account, std::time_t now) {
  json::object header{{"alg", "RS256"}, {"typ", "JWT"}};
  if (!account.key_id.empty()) header["kid"] = account.key_id;
  const json::object claims{{"iss", account.email},
                            {"scope", scope},
                            {"aud", account.token_url},
                            {"iat", static_cast<int64_t>(now)},
                            {"exp", static_cast<int64_t>(now + lifetime_s)}};
  const std::string to_sign = base64_url(json::serialize(header)) + "." + base64_url(json::serialize(claims));
  return core::Sensitive(to_sign + "." + base64_url(sign_rs256(account.private_key, to_sign)));
}

core::Sensitive<std::string> TokenSource::token() {
  const std::lock_guard lock(mutex_);
  const std::time_t now = std::time(nullptr);
  if (now < expires_ - margin_s) return token_;
  const http::Response answer = client_.fetch([&] {
    return http::Request{.method = "POST",
                         .url = account_.token_url,
                         .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                         .body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                                 make_assertion(account_, std::time(nullptr)).reveal()};
  });
  if (answer.status == 400 || answer.status == 401 || answer.status == 403)
    throw Error(ErrorKind::denied,
                fmt::format("the service account {} is refused (status {})", account_.email, answer.status));
  boost::system::error_code error;
  const json::value parsed = json::parse(answer.body, error);
  const std::string token = !error && parsed.is_object() ? text_of(parsed.get_object(), "access_token") : "";
  if (answer.status != 200 || token.empty())
    throw Error(answer.status == 200 ? ErrorKind::permanent : http::kind_of_status(answer.status),
                fmt::format("{} gives no token (status {})", http::describe_url(account_.token_url), answer.status));
  int64_t lasts = lifetime_s;
  if (const json::value* expires = parsed.get_object().if_contains("expires_in");
      expires != nullptr && expires->is_int64())
    lasts = std::min<int64_t>(lifetime_s, expires->get_int64());
  token_ = core::Sensitive(token);
  expires_ = now + lasts;
  return token_;
}

}  // namespace assay::connect::gcs
