#include "connect/rest/description.h"

#include <gmock/gmock.h>

#include "connect/rest/api.h"
#include "connect/rest/url.h"
#include "core/error.h"

namespace assay::connect::rest {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const std::string head = "base_url: https://api.example.com/v1/\n";
const std::string resources = "resources:\n  - {name: a, path: /a}\n";

// The message of the error that a description makes; "" when it makes none.
std::string error_of(const std::string& yaml) {
  try {
    parse_description("api.yaml", yaml);
    return {};
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
}

TEST(Description, IsReadWithItsDefaults) {
  const Description api = parse_description("api.yaml", head + resources);
  EXPECT_EQ(api.base_url, "https://api.example.com/v1");
  EXPECT_EQ(api.auth.type, Auth::Type::none);
  ASSERT_THAT(api.resources, SizeIs(1));
  EXPECT_EQ(api.resources[0].pagination.type, Pagination::Type::none);
  EXPECT_EQ(api.resources[0].max_pages, 100'000U);
  EXPECT_THAT(api.resources[0].parameter_sets, SizeIs(1));
}

TEST(Description, AnotherOneHasAnotherDigest) {
  const auto digest = [](const std::string& more) {
    return parse_description("f", head + "resources: [{name: a, path: /a" + more + "}]").resources[0].digest;
  };
  EXPECT_EQ(digest(""), digest(""));
  EXPECT_NE(digest(""), digest(", records: x"));
}

TEST(Description, WhatIsWrongIsSaidWithItsLine) {
  const std::pair<std::string, std::string> wrong[] = {
      {head + "colour: red\n" + resources, "api.yaml:2: unknown key 'colour'"},
      {head + head + resources, "api.yaml:2: the key 'base_url' is there already, in line 1"},
      {resources, "'base_url' is missing"},
      {"base_url: ftp://x/\n" + resources, "must be a URL"},
      {"base_url: https://me:pw@host/\n" + resources, "must be a URL"},
      {head + "resources: []\n", "must be a list"},
      {head + "resources:\n  - {name: a, path: a}\n", "api.yaml:3: 'path' must begin with '/'"},
      {head + "resources:\n  - {name: " + std::string(1001, 'a') + ", path: /a}\n", "longer than"},
      {head + "resources:\n  - {name: a, path: /a}\n  - {name: a, path: /b}\n", "two resources 'a'"},
      {head + "resources: [{name: a, path: /a, pagination: {type: pages}}]", "one of: none, page, offset"},
      {head + "resources: [{name: a, path: /a, pagination: {type: page, size: 3, param: p}}]", "belong together"},
      {head + "resources: [{name: a, path: /a, pagination: {type: link, param: p}}]", "unknown key 'param'"},
      {head + "resources: [{name: a, path: /a, max_pages: 0}]", "max_pages"},
      {head + "resources: [{name: a, path: /a, change: latest}]", "latest_query"},
      {head + "resources: [{name: a, path: /a, parameters: {x: []}}]", "needs a value"},
      {head + "rate_limit: {burst: 3}\n" + resources, "requests_per_s"},
      {head + "max_page_bytes: 1T\n" + resources, "max_page_bytes"},
      {head + "auth: {type: api_key, key: env:K}\n" + resources, "name one of them"},
      {"{", "api.yaml:1"},
  };
  for (const auto& [yaml, message] : wrong) EXPECT_THAT(error_of(yaml), HasSubstr(message)) << yaml;
}

TEST(Description, SecretsAreReferencesAndWhatIsNoneIsNotQuoted) {
  for (const char* auth : {"{type: bearer, token: tok-en-1}", "{type: basic, user: u, password: tok-en-1}",
                           "{type: api_key, header: X, key: tok-en-1}",
                           "{type: oauth2, token_url: 'https://t/', client_id: i, client_secret: tok-en-1}"})
    EXPECT_THAT(error_of(head + "auth: " + auth + "\n" + resources),
                AllOf(HasSubstr("reference to a secret"), Not(HasSubstr("tok-en-1"))));
  EXPECT_THAT(error_of(head + "headers: {authorization: Bearer tok-en-1}\n" + resources),
              AllOf(HasSubstr("'auth'"), Not(HasSubstr("tok-en-1"))));
}

TEST(Description, SecretsAreNotSentInTheClearUnlessItSaysSo) {
  const std::string auth = "auth: {type: bearer, token: env:T}\n";
  EXPECT_THAT(error_of("base_url: http://intranet/\n" + auth + resources), HasSubstr("plain_http"));
  EXPECT_THAT(error_of("base_url: HTTP://intranet/\n" + auth + resources), HasSubstr("plain_http"));
  EXPECT_THAT(error_of("base_url: Http://intranet/\n" + auth + resources), HasSubstr("plain_http"));
  EXPECT_EQ(error_of("base_url: http://intranet/\nplain_http: true\n" + auth + resources), "");
  EXPECT_EQ(error_of("base_url: http://127.0.0.1:80/\n" + auth + resources), "");
  EXPECT_EQ(error_of("base_url: http://intranet/\n" + resources), "");
  EXPECT_THAT(error_of("base_url: http://127.0.0.1.example.com/\n" + auth + resources), HasSubstr("must be a URL"));
}

TEST(Url, OriginsAreSchemeHostAndPort) {
  EXPECT_TRUE(is_same_origin("https://a.example/x", "https://A.example:443/y?z"));
  EXPECT_FALSE(is_same_origin("https://a.example/", "http://a.example/"));
  EXPECT_FALSE(is_same_origin("https://a.example/", "https://a.example:8443/"));
  EXPECT_FALSE(is_same_origin("https://a.example/", "https://a.example.evil/"));
  EXPECT_FALSE(is_same_origin("https://a.example/", "/x"));
  EXPECT_FALSE(is_same_origin("https://10.0.0.5/", "https://10.0.0.5.evil.example/"));
  EXPECT_EQ(resolve_url("https://10.0.0.5/x", "https://10.0.0.5.evil.example/"), std::nullopt);
  EXPECT_EQ(resolve_url("https://10.0.0.5/x", "//10.0.0.5.evil.example/"), std::nullopt);
}

TEST(Url, ReferencesAreResolved) {
  EXPECT_EQ(resolve_url("https://a/b/c?d", "e?f#g"), "https://a/b/e?f");
  EXPECT_EQ(resolve_url("https://a/b/c?d", "//other/x"), "https://other/x");
  EXPECT_EQ(resolve_url("https://a/b", "?p=2"), "https://a/b?p=2");
  EXPECT_EQ(resolve_url("https://a/b", "file:///etc/passwd"), std::nullopt);
  EXPECT_EQ(resolve_url("https://a/b", "https://me@a/"), std::nullopt);
  EXPECT_EQ(resolve_url("https://a/b", "ht tp"), std::nullopt);
}

TEST(Url, ParametersTakeThePlaceOfThoseOfTheirName) {
  EXPECT_EQ(with_query("https://a/b?x=1&page=2&y#f", {{"page", "3"}, {"z", "a b"}}),
            "https://a/b?x=1&y&page=3&z=a%20b");
  EXPECT_EQ(with_query("https://a/b", {}), "https://a/b");
}

TEST(Url, TheNextLinkIsFoundAmongOthers) {
  EXPECT_EQ(next_link("<https://a/1>; rel=prev, <https://a/2>; rel=\"last next\""), "https://a/2");
  EXPECT_EQ(next_link("<https://a/1,2;3>; rel=next"), "https://a/1,2;3");
  EXPECT_EQ(next_link("<https://a/1>; rel=nextish"), "");
  EXPECT_EQ(next_link("<https://a/1"), "");
  EXPECT_EQ(next_link(""), "");
}

TEST(Throttle, LetsABurstThroughAndThenOneAtATime) {
  using std::chrono::milliseconds;
  Throttle throttle({.requests_per_s = 10, .burst = 2});
  const std::chrono::steady_clock::time_point begin(std::chrono::hours(1));
  EXPECT_EQ(throttle.take(begin), milliseconds(0));
  EXPECT_EQ(throttle.take(begin), milliseconds(0));
  EXPECT_EQ(throttle.take(begin), milliseconds(100));
  EXPECT_EQ(throttle.take(begin + milliseconds(100)), milliseconds(100));
  EXPECT_EQ(throttle.take(begin + milliseconds(1000)), milliseconds(0));
}

}  // namespace
}  // namespace assay::connect::rest
