#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"
#include "classify/validators/secret_samples.h"

namespace assay::classify {
namespace {

void expect_all(std::string_view validator, std::initializer_list<std::string_view> values, Check expected) {
  for (const auto value : values)
    EXPECT_EQ(static_cast<int>(check_of(validator, value)), static_cast<int>(expected)) << validator << " " << value;
}

TEST(SecretQuotedPassword, WhatPeopleChooseIsValid) {
  expect_all("secret_quoted_password",
             {"Cl4y.pipe77", "h4rvest.Moon", "letmein", "qwerty", "19840712", "P@ssage", "Tr0ub4dor&3", "velvet2024!"},
             Check::valid);
  expect_all("secret_quoted_password", {"velvet", "velvet-harbour", "token2", "correct h0rse battery"},
             Check::plausible);
}

TEST(SecretQuotedPassword, LabelsPlaceholdersAndSentencesAreNone) {
  expect_all("secret_quoted_password",
             {"", "abc", "password", "secret", "changeme", "${PASSWORD}", "<password>", "Enter your password",
              "Password:", "new_password", "user.password", "/run/secrets/db", "getPassword()", " x1Y2z3 ", "****"},
             Check::invalid);
  EXPECT_EQ(check_of("secret_quoted_password", drawn(base62_alphabet, 129)), Check::invalid);
}

TEST(SecretBarePassword, IsMoreCarefulThanTheQuotedOne) {
  expect_all("secret_bare_password", {"Cl4y.pipe77", "Tr0ub4dor&3", "h4rvest.Moon", "velvet2024"}, Check::valid);
  expect_all("secret_bare_password", {"velvet", "letmein", "123456", "velvet-harbour"}, Check::plausible);
  expect_all("secret_bare_password",
             {"", "abcd", "12345", "two words9", "f(x)", "a,b;c", "v1.2.3-4", "2024-01-01T00:00:00Z", "$VAR1", "&amp1",
              "--flag1", "token2", "user_password", "String1", "null"},
             Check::invalid);
  EXPECT_EQ(check_of("secret_bare_password", drawn(base62_alphabet, 129)), Check::invalid);
}

TEST(SecretGenerated, LooksRandom) {
  expect_all("secret_generated", {drawn(base62_alphabet, 32), drawn(hex_alphabet, 40), "9f!Kd82@hf&x0"}, Check::valid);
  expect_all("secret_generated", {"velvetharbour", "harbour-velvet-77"}, Check::plausible);
  expect_all("secret_generated",
             {"", "short1", "two words here", "abcdefgh12345678", "access_token", "refreshTokenSecret", "your-api-key",
              "${API_KEY}", "v1.2.3-4.5", "https://host/token", "config.api.token"},
             Check::invalid);
}

TEST(SecretVendorToken, OnlyFillingsAreRefused) {
  expect_all("secret_vendor_token", {drawn(base62_alphabet, 40), drawn(hex_alphabet, 32), drawn("0123456789", 24)},
             Check::plausible);
  expect_all("secret_vendor_token",
             {"", std::string(40, '0'), std::string(40, 'x'), "abcdefghijklmnopqrst", "123456789abcdef0123456789",
              "sk_live_your_key_here", "key-EXAMPLEEXAMPLEEXAMPLE", "0101010101010101"},
             Check::invalid);
}

TEST(SecretRandomKey, HasLettersAndDigitsInNoOrder) {
  expect_all("secret_random_key", {drawn(base62_alphabet, 32, 3), drawn(hex_alphabet, 32, 3), drawn(hex_alphabet, 40)},
             Check::valid);
  expect_all(
      "secret_random_key",
      {"", "12345678901234567890", drawn("0123456789", 32), "abcdefabcdefabcdefabcdef", "0123456789abcdef01234567",
       "your_key_here_your_key_here", std::string(32, '0'), "sha1_of_the_commit_number_12"},
      Check::invalid);
}

TEST(SecretNameAndPassword, BothSidesOfTheColonCount) {
  expect_all("secret_name_and_password", {"svc:Cl4y.pipe77", "admin:letmein", "a:b1:c2.D3"}, Check::valid);
  expect_all("secret_name_and_password", {"svc:velvet"}, Check::plausible);
  expect_all("secret_name_and_password",
             {"", "svc", ":Cl4y.pipe77", "svc:", "${USER}:Cl4y.pipe77", "user:password", "user:${PASSWORD}"},
             Check::invalid);
}

}  // namespace
}  // namespace assay::classify
