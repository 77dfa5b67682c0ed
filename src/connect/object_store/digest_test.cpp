#include "connect/object_store/digest.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::connect {
namespace {

TEST(Digest, KnowsPublishedValues) {
  EXPECT_EQ(hex(bytes_of(sha256(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // RFC 4231, test case 2
  EXPECT_EQ(hex(bytes_of(hmac_sha256("Jefe", "what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, Base64GoesBothWays) {
  EXPECT_EQ(base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(base64_url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64(" +/8=\n"), "\xfb\xff");
  EXPECT_EQ(from_base64(""), "");
  EXPECT_THROW(from_base64("not base64!"), core::Error);
}

}  // namespace
}  // namespace assay::connect
