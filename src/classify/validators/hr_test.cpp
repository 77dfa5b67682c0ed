#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(HrOib, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("hr_oib", "33392005961");
  expect_digit_changes_refused("hr_oib", "69435151530");
  EXPECT_EQ(check_of("hr_oib", "33392005960"), Check::invalid);
  EXPECT_EQ(check_of("hr_oib", "00000000000"), Check::invalid);
  expect_wrong_lengths_refused("hr_oib", "33392005961");
}

}  // namespace
}  // namespace assay::classify
