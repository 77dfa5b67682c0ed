#include "connect/gcs/access_token.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include <boost/json.hpp>
#include <memory>

#include "core/error.h"
#include "tests/support/http_server.h"

namespace assay::connect::gcs {
namespace {

namespace json = boost::json;
using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using ::testing::HasSubstr;
using ::testing::Not;
using Key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;

Key make_key() { return {::EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048}), &::EVP_PKEY_free}; }

std::string pem_of(const Key& key) {
  BIO* bio = ::BIO_new(::BIO_s_mem());
  ::PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = ::BIO_get_mem_data(bio, &text);
  std::string pem(text, static_cast<size_t>(size));
  ::BIO_free(bio);
  return pem;
}

core::Sensitive<std::string> key_file(const std::string& pem, const std::string& token_url) {
  return core::Sensitive(json::serialize(json::object{{"type", "service_account"},
                                                      {"client_email", "reader@project.example"},
                                                      {"private_key_id", "k1"},
                                                      {"private_key", pem},
                                                      {"token_uri", token_url}}));
}

std::string decoded(const std::string& text) {
  std::string bytes(text.size(), '\0');
  size_t size = 0;
  EXPECT_EQ(::sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                                nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
            0);
  bytes.resize(size);
  return bytes;
}

bool is_signed_by(const Key& key, const std::string& assertion) {
  const size_t dot = assertion.rfind('.');
  const std::string bytes = assertion.substr(0, dot), signature = decoded(assertion.substr(dot + 1));
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context(::EVP_MD_CTX_new(), &::EVP_MD_CTX_free);
  return ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, key.get()) == 1 &&
         ::EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
}

TEST(GcsToken, TheClaimIsSignedAndReadsOnly) {
  const Key key = make_key();
  const ServiceAccount account = parse_service_account(key_file(pem_of(key), "https://token.example/t"));
  const std::string assertion = make_assertion(account, 1'700'000'000).reveal();
  EXPECT_TRUE(is_signed_by(key, assertion));
  EXPECT_FALSE(is_signed_by(make_key(), assertion));
  const size_t first = assertion.find('.'), second = assertion.rfind('.');
  const json::object header = json::parse(decoded(assertion.substr(0, first))).as_object();
  const json::object claims = json::parse(decoded(assertion.substr(first + 1, second - first - 1))).as_object();
  EXPECT_EQ(header.at("alg").as_string(), "RS256");
  EXPECT_EQ(header.at("kid").as_string(), "k1");
  EXPECT_EQ(claims.at("iss").as_string(), "reader@project.example");
  EXPECT_EQ(claims.at("aud").as_string(), "https://token.example/t");
  EXPECT_EQ(claims.at("scope").as_string(), "https://www.googleapis.com/auth/devstorage.read_only");
  EXPECT_EQ(claims.at("iat").as_int64(), 1'700'000'000);
  EXPECT_EQ(claims.at("exp").as_int64(), 1'700'003'600);
}

TEST(GcsToken, IsAskedForOnceAndRenewedInTime) {
  const Key key = make_key();
  int asked = 0;
  HttpServer server([&](const HttpQuestion& question) {
    const std::string begin = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    EXPECT_TRUE(question.body.starts_with(begin));
    EXPECT_TRUE(is_signed_by(key, question.body.substr(begin.size())));
    ++asked;
    return HttpAnswer{.body =
                          fmt::format(R"({{"access_token":"t{}","expires_in":{}}})", asked, asked == 1 ? 200 : 3600)};
  });
  http::Client client(http::ClientOptions{});
  TokenSource tokens(parse_service_account(key_file(pem_of(key), server.url() + "/token")), client);
  EXPECT_EQ(tokens.token().reveal(), "t1");
  EXPECT_EQ(tokens.token().reveal(), "t2");  // 200 seconds are within the margin
  EXPECT_EQ(tokens.token().reveal(), "t2");
}

TEST(GcsToken, ARefusalIsDeniedAndShowsNoKey) {
  const Key key = make_key();
  HttpServer server([&](const HttpQuestion& question) { return HttpAnswer{.status = 400, .body = question.body}; });
  http::Client client(http::ClientOptions{});
  TokenSource tokens(parse_service_account(key_file(pem_of(key), server.url() + "/token")), client);
  try {
    tokens.token();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied);
    EXPECT_THAT(error.what(), Not(HasSubstr("assertion")));
  }
}

TEST(GcsToken, WhatIsNoKeyFileIsRefusedUnseen) {
  const std::string good = pem_of(make_key());
  for (const std::string& text :
       {std::string("hidden"), std::string("[]"), std::string(R"({"type":"authorized_user","refresh_token":"hidden"})"),
        key_file("", "https://x").reveal(), key_file(good, "file:///etc/hidden").reveal()}) {
    try {
      parse_service_account(core::Sensitive(text));
      ADD_FAILURE() << "nothing was thrown";
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), Not(HasSubstr("refresh_token")));
    }
  }
  EXPECT_THROW(make_assertion(parse_service_account(key_file("no key", "https://x")), 0), core::Error);
}

}  // namespace
}  // namespace assay::connect::gcs
