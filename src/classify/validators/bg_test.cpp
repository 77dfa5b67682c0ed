#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(BgEgn, CheckAndCenturies) {
  expect_digit_changes_refused("bg_egn", "7523169263", 6);
  EXPECT_EQ(check_of("bg_egn", "8032056031"), Check::valid);
  EXPECT_EQ(check_of("bg_egn", "0441151237"), Check::valid);
  EXPECT_EQ(check_of("bg_egn", "7501020019"), Check::invalid);
  EXPECT_EQ(check_of("bg_egn", "8019010008"), Check::invalid);
  EXPECT_EQ(check_of("bg_egn", "7552010005"), Check::invalid);
  expect_wrong_lengths_refused("bg_egn", "7523169263");
}

}  // namespace
}  // namespace assay::classify
