#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(RoCnp, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("ro_cnp", "1630615123457", 7, 12);
  EXPECT_EQ(check_of("ro_cnp", "1630615123457"), Check::valid);
  expect_wrong_lengths_refused("ro_cnp", "1630615123457");
}

TEST(RoCnp, SexDateAndCounty) {
  EXPECT_EQ(check_of("ro_cnp", "0630615123457"), Check::invalid);
  EXPECT_EQ(check_of("ro_cnp", "1631315123457"), Check::invalid);
  EXPECT_EQ(check_of("ro_cnp", "1630615493457"), Check::invalid);
  EXPECT_EQ(check_of("ro_cnp", "1630615123458"), Check::invalid);
}

TEST(RoCnp, WhatIsAnArticleNumberTooIsDoubted) { EXPECT_EQ(check_of("ro_cnp", "2501205300271"), Check::plausible); }

}  // namespace
}  // namespace assay::classify
