#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(LvPersonasKods, CheckAndCentury) {
  expect_digit_changes_refused("lv_personas_kods", "161175-19997", 6);
  EXPECT_EQ(check_of("lv_personas_kods", "324567-89019"), Check::valid);
  EXPECT_EQ(check_of("lv_personas_kods", "161175-39997"), Check::invalid);
  EXPECT_EQ(check_of("lv_personas_kods", "161375-19997"), Check::invalid);
  EXPECT_EQ(check_of("lv_personas_kods", "161175-19998"), Check::invalid);
  expect_wrong_lengths_refused("lv_personas_kods", "161175-19997");
}

}  // namespace
}  // namespace assay::classify
