#include "classify/mask.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

TEST(Mask, ShowsAtMostTheLastFew) {
  EXPECT_EQ(mask("4111 1111 1111 1234", "CREDIT_CARD", false), "**** **** **** 1234");
  EXPECT_EQ(mask("536-22-8145", "US_SSN", false), "***-**-**45");
  EXPECT_EQ(mask("1234567", "X", false), "*******");
}

TEST(Mask, OtherScriptsAndShortValuesShowNothing) {
  EXPECT_EQ(mask("身份证号码一二三四五六七", "X", false), "************");
  EXPECT_EQ(mask("ab", "X", false), "**");
}

TEST(Mask, AddressesKeepTheirShape) {
  EXPECT_EQ(mask("jane.doe@example.org", "EMAIL_ADDRESS", false), "****.***@*******.***");
}

TEST(Mask, SecretsShowOnlyWhatNamesTheirKind) {
  EXPECT_EQ(mask("ghp_0123456789abcdefghij", "GITHUB_TOKEN", true), "ghp_************");
  EXPECT_EQ(mask("hunter2", "PASSWORD", true), "*******");
  EXPECT_EQ(mask("p_w", "PASSWORD", true), "***") << "too short to have a prefix";
}

TEST(Mask, IsOneShortPrintableLine) {
  const std::string masked = mask(std::string(500, 'x') + "\n\x1b[31m", "X", false);
  EXPECT_LE(masked.size(), 64U);
  for (char c : mask("a\nb\x1b"
                     "c",
                     "X", false))
    EXPECT_GE(c, ' ');
}

}  // namespace
}  // namespace assay::classify
