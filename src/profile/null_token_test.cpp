#include "profile/null_token.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::profile {
namespace {

TEST(NullToken, WordsThatStandForNothing) {
  for (const char* one : {"NULL", "null", "N/A", "n/a", "NA", "None", "-", "--", "?", "#N/A", "(null)", "\\N", "NaN",
                          "unknown", "k.A.", " n.a. ", "Not available", "\xE2\x80\x94"})
    EXPECT_TRUE(is_null_token(one)) << one;
}

TEST(NullToken, ValuesAreNone) {
  for (const char* one : {"", "  ", "0", "no", "nope", "Nan Tucket", "Nadia", "-1", "a-", "---- ----", "nullable", "x",
                          "undefined behaviour", "n"})
    EXPECT_FALSE(is_null_token(one)) << one;
  EXPECT_FALSE(is_null_token(std::string(1 << 20, '-')));
}

}  // namespace
}  // namespace assay::profile
