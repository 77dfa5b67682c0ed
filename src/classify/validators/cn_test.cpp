#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(CnResidentId, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("cn_resident_id", "11010519491231002X");
  expect_digit_changes_refused("cn_resident_id", "440524188001010014");
  EXPECT_EQ(check_of("cn_resident_id", "11010519491231002x"), Check::valid);
  expect_wrong_lengths_refused("cn_resident_id", "11010519491231002X");
}

TEST(CnResidentId, RegionAndDate) {
  EXPECT_EQ(check_of("cn_resident_id", "100105194912310028"), Check::invalid);
  EXPECT_EQ(check_of("cn_resident_id", "110105194913310021"), Check::invalid);
  EXPECT_EQ(check_of("cn_resident_id", "110105214912310025"), Check::invalid);
  EXPECT_EQ(check_of("cn_resident_id", "110105194912310021"), Check::invalid);
}

TEST(CnResidentId, FifteenDigitsHaveNoCheck) {
  EXPECT_EQ(check_of("cn_resident_id", "110105491231002"), Check::plausible);
  EXPECT_EQ(check_of("cn_resident_id", "110105491331002"), Check::invalid);
  EXPECT_EQ(check_of("cn_resident_id", "100105491231002"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
