#include "classify/validators/secret_base64.h"

#include <gtest/gtest.h>

#include "classify/validators/secret_samples.h"

namespace assay::classify {
namespace {

TEST(Base64Head, TheVectorsOfRfc4648) {
  for (const auto& [encoded, plain] : {std::pair{"Zg==", "f"},
                                       {"Zm8=", "fo"},
                                       {"Zm9v", "foo"},
                                       {"Zm9vYg==", "foob"},
                                       {"Zm9vYmE=", "fooba"},
                                       {"Zm9vYmFy", "foobar"},
                                       {"Zm9vYg", "foob"}}) {
    const Base64Head head(encoded);
    EXPECT_EQ(head.bytes(), plain);
    EXPECT_TRUE(head.clean());
    EXPECT_TRUE(head.printable());
    EXPECT_TRUE(head.readable());
  }
  EXPECT_FALSE(Base64Head("").printable());
  EXPECT_FALSE(Base64Head("").readable());
}

TEST(Base64Head, ReadsBothAlphabets) {
  EXPECT_EQ(Base64Head("-_-_").bytes(), "\xfb\xff\xbf");
  EXPECT_EQ(Base64Head("+/+/").bytes(), Base64Head("-_-_").bytes());
}

TEST(Base64Head, EndsAtForeignBytesAndAtItsRoom) {
  const Base64Head foreign("Zm9v!mFy");
  EXPECT_EQ(foreign.bytes(), "foo");
  EXPECT_FALSE(foreign.clean());
  const Base64Head exact(to_base64(std::string(Base64Head::room_bytes, 'a')));
  EXPECT_EQ(exact.bytes(), std::string(Base64Head::room_bytes, 'a'));
  EXPECT_TRUE(exact.clean());
  const Base64Head longer(to_base64(std::string(Base64Head::room_bytes + 3, 'a')));
  EXPECT_EQ(longer.bytes().size(), Base64Head::room_bytes);
  EXPECT_FALSE(longer.clean());
}

TEST(Base64Head, IsReadableWhenItIsUtf8WithoutControls) {
  for (const auto* text : {"a\tb\r\nc", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x94\x91"}) {
    EXPECT_TRUE(Base64Head(to_base64(text)).readable()) << text;
    EXPECT_FALSE(Base64Head(to_base64(text)).printable()) << text;
  }
  for (const auto* text : {"a\x01", "\x7f", "caf\xe9", "\xc3", "\xc0\xaf", "\xe2\x82", "\xf8\x88\x80\x80\x80", "\x80"})
    EXPECT_FALSE(Base64Head(to_base64(text)).readable()) << to_base64(text);
  // The room ends inside a character.
  EXPECT_TRUE(Base64Head(to_base64(std::string(Base64Head::room_bytes - 1, 'a') + "\xc3\xa9")).readable());
}

}  // namespace
}  // namespace assay::classify
