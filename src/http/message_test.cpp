#include "http/message.h"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(Message, EncodesEverythingButTheUnreserved) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_encode("a-B_9.~ /+%\xff"), "a-B_9.~%20%2F%2B%25%FF");
  EXPECT_EQ(percent_encode("a/b c", "/"), "a/b%20c");
}

TEST(Message, WhatIsNoEscapeStays) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(Message, ShowsNoSecretsOfUrls) {
  EXPECT_EQ(describe_url("https://user:word@host:1/path?sig=secret#x"), "https://host:1/path");
  EXPECT_EQ(describe_url("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(describe_url("no url?secret"), "no url");
}

TEST(Message, HeadersAreFoundWhateverTheirCase) {
  const Headers headers{{"ETag", "1"}, {"etag", "2"}};
  EXPECT_EQ(find_header(headers, "ETAG"), "1");
  EXPECT_EQ(find_header(headers, "ETA"), std::nullopt);
}

TEST(Message, ReadsDates) {
  EXPECT_EQ(parse_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  EXPECT_EQ(parse_date("soon"), std::nullopt);
}

}  // namespace
}  // namespace assay::http
