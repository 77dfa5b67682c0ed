#include "server/address.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::server {
namespace {

TEST(Address, IsHostAndPort) {
  EXPECT_EQ(parse_address("127.0.0.1:9464"), (Address{"127.0.0.1", 9464}));
  EXPECT_EQ(parse_address("localhost:1"), (Address{"127.0.0.1", 1}));
  EXPECT_EQ(parse_address("[::1]:0"), (Address{"::1", 0}));
  EXPECT_EQ(parse_address("0.0.0.0:65535"), (Address{"0.0.0.0", 65535}));
  EXPECT_EQ(parse_address("none"), std::nullopt);
}

TEST(Address, IsNothingElse) {
  for (const auto* text :
       {"", ":", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1",
        "::1:9464", "[127.0.0.1]:1", "[::1]", "example.org:80", "1.2.3:80", "127.0.0.1:80 "})
    EXPECT_THROW(parse_address(text), core::Error) << text;
}

}  // namespace
}  // namespace assay::server
