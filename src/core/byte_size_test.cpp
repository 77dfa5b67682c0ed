#include "core/byte_size.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay::core {
namespace {

TEST(ByteSize, ReadsNumbersAndUnits) {
  EXPECT_EQ(parse_byte_size("0"), 0U);
  EXPECT_EQ(parse_byte_size("4096"), 4096U);
  EXPECT_EQ(parse_byte_size("7b"), 7U);
  EXPECT_EQ(parse_byte_size("64K"), 64U << 10);
  EXPECT_EQ(parse_byte_size("64 KiB"), 64U << 10);
  EXPECT_EQ(parse_byte_size("3mb"), 3U << 20);
  EXPECT_EQ(parse_byte_size("1g"), 1U << 30);
  EXPECT_EQ(parse_byte_size("2TIB"), 2ULL << 40);
  EXPECT_EQ(parse_byte_size("18446744073709551615"), std::numeric_limits<uint64_t>::max());
}

TEST(ByteSize, RefusesEverythingElse) {
  for (const auto* text : {"", "-1", "1.5G", "K", "1 x", "1KK", "1i", "1ki", "1KiBs", "0x10", " 1", "1 K ",
                           "18446744073709551616", "16777216T", "99999999999G"})
    EXPECT_EQ(parse_byte_size(text), std::nullopt) << text;
}

}  // namespace
}  // namespace assay::core
