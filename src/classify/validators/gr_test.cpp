#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(GrAfm, Check) {
  expect_digit_changes_refused("gr_afm", "094259216", 8);
  EXPECT_EQ(check_of("gr_afm", "094259216"), Check::valid);
  EXPECT_EQ(check_of("gr_afm", "000000000"), Check::invalid);
  EXPECT_EQ(check_of("gr_afm", "094259217"), Check::invalid);
  expect_wrong_lengths_refused("gr_afm", "094259216");
}

TEST(GrAmka, LuhnGuardsEveryDigit) {
  expect_digit_changes_refused("gr_amka", "01013099997");
  EXPECT_EQ(check_of("gr_amka", "01133099997"), Check::invalid);
  EXPECT_EQ(check_of("gr_amka", "32013099997"), Check::invalid);
  expect_wrong_lengths_refused("gr_amka", "01013099997");
}

}  // namespace
}  // namespace assay::classify
