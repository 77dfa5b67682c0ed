#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(UaRnokpp, CheckAndDays) {
  expect_digit_changes_refused("ua_rnokpp", "1759013776", 9);
  EXPECT_EQ(check_of("ua_rnokpp", "1759013776"), Check::valid);
  EXPECT_EQ(check_of("ua_rnokpp", "1759013777"), Check::invalid);
  EXPECT_EQ(check_of("ua_rnokpp", "9959013776"), Check::invalid);
  EXPECT_EQ(check_of("ua_rnokpp", "0000013776"), Check::invalid);
  expect_wrong_lengths_refused("ua_rnokpp", "1759013776");
}

}  // namespace
}  // namespace assay::classify
