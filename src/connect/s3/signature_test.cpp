#include "connect/s3/signature.h"

#include <gtest/gtest.h>

namespace assay::connect::s3 {
namespace {

// The examples of Amazon S3's API reference, "Signature Calculations for the Authorization Header".
const Credentials example{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                          .secret_access_key = core::Sensitive<std::string>("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                          .session_token = {}};
constexpr std::time_t moment = 1369353600;  // 2013-05-24T00:00:00Z

std::string signed_with(http::Request request, const Credentials& credentials = example) {
  request.url = "https://examplebucket.s3.amazonaws.com" + request.url;
  sign(request, credentials, "us-east-1", moment);
  return http::find_header(request.headers, "Authorization").value_or("");
}

std::string signature_of(const std::string& authorization) {
  return authorization.substr(authorization.rfind("Signature=") + 10);
}

TEST(S3Signature, OfARange) {
  EXPECT_EQ(signed_with({.url = "/test.txt", .headers = {{"Range", "bytes=0-9"}}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, OfAnObjectThatIsWritten) {
  EXPECT_EQ(signature_of(signed_with(
                {.method = "PUT",
                 .url = "/test%24file.text",
                 .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                 .body = "Welcome to Amazon S3."})),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(S3Signature, OfAParameterWithoutAValue) {
  EXPECT_EQ(signature_of(signed_with({.url = "/?lifecycle"})),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(S3Signature, OfParametersInAnyOrder) {
  const char* expected = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";
  EXPECT_EQ(signature_of(signed_with({.url = "/?max-keys=2&prefix=J"})), expected);
  EXPECT_EQ(signature_of(signed_with({.url = "?prefix=J&max-keys=2"})), expected);
}

TEST(S3Signature, ASessionTokenIsSigned) {
  Credentials session = example;
  session.session_token = core::Sensitive<std::string>("token");
  const std::string authorization = signed_with({.url = "/"}, session);
  EXPECT_NE(authorization.find("x-amz-security-token"), std::string::npos);
  EXPECT_EQ(authorization.find("wJalr"), std::string::npos);
}

}  // namespace
}  // namespace assay::connect::s3
