#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(DkCpr, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("dk_cpr", "211062-5629");
  expect_wrong_lengths_refused("dk_cpr", "2110625629");
}

TEST(DkCpr, NumbersWithoutCheckArePlausible) {
  EXPECT_EQ(check_of("dk_cpr", "211062-5628"), Check::plausible);
  EXPECT_EQ(check_of("dk_cpr", "321062-5629"), Check::invalid);
  EXPECT_EQ(check_of("dk_cpr", "211362-5629"), Check::invalid);
  EXPECT_EQ(check_of("dk_cpr", "290201-1234"), Check::invalid);
  EXPECT_EQ(check_of("dk_cpr", "290200-4234"), Check::plausible);
}

}  // namespace
}  // namespace assay::classify
