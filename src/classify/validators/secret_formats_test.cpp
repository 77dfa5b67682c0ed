#include "classify/validators/secret_formats.h"

#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"
#include "classify/validators/secret_samples.h"

namespace assay::classify {
namespace {

/// CRC-32 as its definition has it, bit by bit (ISO-HDLC: polynomial 04C11DB7 reflected).
uint32_t plain_crc32(std::string_view text) {
  uint32_t c = 0xffffffffU;
  for (const char byte : text) {
    c ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? c >> 1 ^ 0xedb88320U : c >> 1;
  }
  return ~c;
}

std::string github_token(std::string_view prefix, uint64_t seed) {
  const std::string random = drawn(base62_alphabet, 30, seed);
  std::string check;
  for (uint32_t rest = plain_crc32(random); check.size() < 6; rest /= 62)
    check.insert(0, 1, base62_alphabet[rest % 62]);
  return std::string(prefix) + "_" + random + check;
}

TEST(SecretGithubToken, ChecksTheLastSixCharacters) {
  ASSERT_EQ(plain_crc32("123456789"), 0xcbf43926U);  // the check value of this CRC
  for (const auto* prefix : {"ghp", "gho", "ghu", "ghs", "ghr", "npm"})
    for (const uint64_t seed : {1, 2, 3, 5}) {
      const std::string token = github_token(prefix, seed);
      ASSERT_EQ(token.size(), 40U);
      EXPECT_EQ(check_of("secret_github_token", token), Check::valid) << prefix << seed;
      for (size_t i = 4; i < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'q' ? 'w' : 'q';
        EXPECT_NE(check_of("secret_github_token", changed), Check::valid) << i;
      }
    }
}

TEST(SecretGithubToken, WithoutARightCheckIsPlausibleAndAFillingIsNone) {
  const std::string token = github_token("ghp", 7);
  EXPECT_EQ(check_of("secret_github_token", token.substr(0, 36)), Check::plausible);
  EXPECT_EQ(check_of("secret_github_token", token.substr(4)), Check::plausible);
  EXPECT_EQ(check_of("secret_github_token", "ghp_" + std::string(36, 'x')), Check::invalid);
  EXPECT_EQ(check_of("secret_github_token", "ghp_1234567890abcdefghijklmnopqrstuvwxyz"), Check::invalid);
  EXPECT_EQ(check_of("secret_github_token", "ghp_YourTokenHereYourTokenHereYourTokenH"), Check::invalid);
}

std::string jwt(std::string_view header, std::string_view claims, std::string_view signature) {
  std::string token = to_base64(header) + "." + to_base64(claims) + ".";
  std::erase(token, '=');
  return token.append(signature);
}

TEST(SecretJwt, TheExampleOfRfc7519) {
  // Section 3.1; its header breaks the line between the two members.
  const std::string claims = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
  const std::string signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const std::string token = jwt("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", claims, signature);
  EXPECT_TRUE(token.starts_with("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0K")) << token;
  EXPECT_EQ(check_of("secret_jwt", token), Check::valid);
}

TEST(SecretJwt, NeedsAHeaderThatNamesAnAlgorithm) {
  const std::string signature = drawn(base62_alphabet, 43);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"alg":"RS256","kid":"7"})", "{}", signature)), Check::valid);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"alg":"none"})", "{}", "")), Check::plausible);  // RFC 7519, section 6
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"typ":"JWT"})", "{}", signature)), Check::invalid);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"(["alg"])", "{}", signature)), Check::invalid);
  EXPECT_EQ(check_of("secret_jwt", jwt("{\"alg\":\"HS256\"\x01}", "{}", signature)), Check::invalid);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"alg":"HS256"})", "{}", std::string(43, 'A'))), Check::invalid);
  for (const auto* text : {"eyJhbGciOiJIUzI1NiJ9", "a.b.c", "..", "not a token"})
    EXPECT_EQ(check_of("secret_jwt", text), Check::invalid) << text;
}

TEST(SecretJwt, AHeaderLongerThanTheRoomIsJudgedByItsBeginning) {
  const std::string chain = drawn(base62_alphabet, 400);
  const std::string signature = drawn(base62_alphabet, 43);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"alg":"ES256","x5c":[")" + chain + "\"]}", "{}", signature)), Check::valid);
  EXPECT_EQ(check_of("secret_jwt", jwt(R"({"x5c":[")" + chain + R"("],"alg":"ES256"})", "{}", signature)),
            Check::plausible);
}

TEST(SecretBasicCredentials, TheExamplesOfRfc7617) {
  ASSERT_EQ(to_base64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  ASSERT_EQ(to_base64("test:123\xc2\xa3"), "dGVzdDoxMjPCow==");
  for (const auto* pair : {"Aladdin:open sesame", "test:123\xc2\xa3"})
    EXPECT_EQ(check_of("secret_basic_credentials", to_base64(pair)), Check::valid) << pair;
}

TEST(SecretBasicCredentials, NeedANameAPasswordAndText) {
  EXPECT_EQ(check_of("secret_basic_credentials", to_base64("svc-report:Cl4y.pipe77")), Check::valid);
  EXPECT_EQ(check_of("secret_basic_credentials", to_base64(":t0p.Floor.9")), Check::valid);  // a token without a name
  for (const auto* pair : {"user:${PASSWORD}", "${USER}:x1Y2z3", "user:changeme", "user:xxxxxxxx"})
    EXPECT_EQ(check_of("secret_basic_credentials", to_base64(pair)), Check::plausible) << pair;
  for (const auto* pair : {"user:", "no colon here", "user:\x01\x02\x03\x04", "test:123\xa3", "\xff\xfe:12345"})
    EXPECT_EQ(check_of("secret_basic_credentials", to_base64(pair)), Check::invalid) << pair;
  EXPECT_EQ(check_of("secret_basic_credentials", "authentication!"), Check::invalid);
}

TEST(SecretDiscordToken, BeginsWithTheAccountInBase64) {
  // The id is the one that Discord's page on snowflakes takes apart.
  const std::string rest = "." + drawn(base62_alphabet, 6) + "." + drawn(base62_alphabet, 38, 9);
  const std::string account = to_base64("175928847299117063");
  EXPECT_EQ(check_of("secret_discord_token", account + rest), Check::valid);
  for (const auto* id : {"17592884729911706x", "1759288472", "175928847299117063000", "the-account-id-ab"})
    EXPECT_EQ(check_of("secret_discord_token", to_base64(id) + rest), Check::invalid) << id;
  EXPECT_EQ(check_of("secret_discord_token", account + ".xxxxxx." + std::string(38, 'x')), Check::invalid);
}

TEST(SecretPrivateKey, TheExampleOfRfc7468) {
  // Section 10, between the lines that are put around it here.
  const std::string body =
      "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgVcB/UNPxalR9zDYAjQIf\n"
      "jojUDiQuGnSJrFEEzZPT/92hRANCAASc7UJtgnF/abqWM60T3XNJEzBv5ez9TdwK\n"
      "H0M6xpM2q+53wmsN/eYLdgtjgBd3DBmHtPilCkiFICXyaA8z9LkJ\n";
  const std::string label = "PRIVATE " + std::string("KEY-----");
  EXPECT_EQ(check_of("secret_private_key", "-----BEGIN " + label + "\n" + body + "-----END " + label), Check::valid);
  EXPECT_EQ(check_of("secret_private_key", body), Check::valid);  // as PuTTY's files have it
  EXPECT_EQ(check_of("secret_private_key", "-----BEGIN " + label + "\n...\n-----END " + label), Check::invalid);
  EXPECT_EQ(check_of("secret_private_key", "-----BEGIN " + label + "\n" + std::string(200, 'A')), Check::invalid);
  EXPECT_EQ(check_of("secret_private_key", "-----BEGIN " + label + "\nEXAMPLE" + body), Check::invalid);
  EXPECT_EQ(check_of("secret_private_key", "-----BEGIN " + label + "\nMIGEAgEA"), Check::invalid);
}

TEST(SecretAwsKeyId, IsBase32) {
  for (const auto* kind : {"AKIA", "ASIA", "ABIA", "ACCA"}) {
    EXPECT_EQ(check_of("secret_aws_key_id", kind + drawn(base32_alphabet, 16)), Check::valid) << kind;
    EXPECT_EQ(check_of("secret_aws_key_id", kind + drawn("0189ABCDEFGH", 16)), Check::plausible) << kind;
    EXPECT_EQ(check_of("secret_aws_key_id", kind + drawn(base32_alphabet, 15)), Check::invalid) << kind;
  }
  // The id that Amazon's own pages show everywhere is nobody's.
  EXPECT_EQ(check_of("secret_aws_key_id",
                     "AKIAIOSFODNN7"
                     "EXAMPLE"),
            Check::invalid);
  EXPECT_EQ(check_of("secret_aws_key_id", "AKIAAAAAAAAAAAAAAAAA"), Check::invalid);
}

TEST(SecretBase64Key, IsNeitherTextNorAFilling) {
  EXPECT_EQ(check_of("secret_base64_key", to_base64(drawn("\x01\x8b\xfe\x33\xd7\x42\xa5\x90\x6c\xe1", 64))),
            Check::valid);
  EXPECT_EQ(check_of("secret_base64_key", to_base64("this is only a sentence in disguise")), Check::invalid);
  EXPECT_EQ(check_of("secret_base64_key", std::string(86, 'A') + "=="), Check::invalid);
  EXPECT_EQ(check_of("secret_base64_key", "not base64!"), Check::invalid);
  EXPECT_EQ(check_of("secret_base64_key", "your-key-goes-here"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
