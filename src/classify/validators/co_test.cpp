#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(CoNit, PrimeWeightsGuardEveryDigit) {
  EXPECT_EQ(check_of("co_nit", "213.123.432-1"), Check::valid);
  EXPECT_EQ(check_of("co_nit", "2131234321"), Check::valid);
  EXPECT_EQ(check_of("co_nit", "899.999.068-1"), Check::valid);
  expect_digit_changes_refused("co_nit", "213123432-1", 10);
  EXPECT_EQ(check_of("co_nit", "213123432-2"), Check::invalid);
  EXPECT_EQ(check_of("co_nit", "111111111"), Check::invalid);
  expect_wrong_lengths_refused("co_nit", "213123432-1");
}

}  // namespace
}  // namespace assay::classify
