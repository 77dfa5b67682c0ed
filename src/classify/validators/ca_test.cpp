#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(CaSin, AcceptsTheLuhnCheckAndNoOther) {
  EXPECT_EQ(check_of("ca_sin", "130 692 544"), Check::valid);
  EXPECT_EQ(check_of("ca_sin", "130-692-544"), Check::valid);
  expect_digit_changes_refused("ca_sin", "130-692-544");
  expect_wrong_lengths_refused("ca_sin", "130692544");
}

TEST(CaSin, RefusesFirstDigitsThatNoPersonHas) {
  EXPECT_EQ(check_of("ca_sin", "046 454 286"), Check::invalid);  // fits Luhn; made up for explanations
  EXPECT_EQ(check_of("ca_sin", "812 345 676"), Check::invalid);
  EXPECT_EQ(check_of("ca_sin", "000 000 000"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
