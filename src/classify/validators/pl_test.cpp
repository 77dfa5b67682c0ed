#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(PlPesel, WeightsGuardEveryDigit) {
  expect_digit_changes_refused("pl_pesel", "44051401359");
  expect_digit_changes_refused("pl_pesel", "02070803628");
  expect_wrong_lengths_refused("pl_pesel", "44051401359");
}

TEST(PlPesel, MonthCarriesTheCentury) {
  EXPECT_EQ(check_of("pl_pesel", "02281501232"), Check::valid);
  EXPECT_EQ(check_of("pl_pesel", "98811501236"), Check::valid);
  EXPECT_EQ(check_of("pl_pesel", "02411501231"), Check::invalid);
  EXPECT_EQ(check_of("pl_pesel", "02611501237"), Check::invalid);
  EXPECT_EQ(check_of("pl_pesel", "44151401359"), Check::invalid);
  EXPECT_EQ(check_of("pl_pesel", "44053201359"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
