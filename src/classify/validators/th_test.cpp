#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ThTnin, CheckGuardsEveryDigitButTheThirdWhoseWeightIsTheModulus) {
  EXPECT_EQ(check_of("th_tnin", "1-2345-67890-12-1"), Check::valid);
  EXPECT_EQ(check_of("th_tnin", "1234567890121"), Check::valid);
  EXPECT_EQ(check_of("th_tnin", "3100501234563"), Check::valid);
  expect_digit_changes_refused("th_tnin", "3100501234563", 0, 2);
  expect_digit_changes_refused("th_tnin", "3100501234563", 3);
  expect_wrong_lengths_refused("th_tnin", "3100501234563");
}

TEST(ThTnin, KindOfPersonIsOneToEight) {
  EXPECT_EQ(check_of("th_tnin", "0100501234569"), Check::invalid);
  EXPECT_EQ(check_of("th_tnin", "9100501234562"), Check::invalid);
  EXPECT_EQ(check_of("th_tnin", "1-2345-67890-12-2"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
