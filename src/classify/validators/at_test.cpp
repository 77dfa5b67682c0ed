#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(AtSvnr, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("at_svnr", "1237 010180");
  EXPECT_EQ(check_of("at_svnr", "1237010180"), Check::valid);
  EXPECT_EQ(check_of("at_svnr", "1234011380"), Check::valid);
  EXPECT_EQ(check_of("at_svnr", "0237010180"), Check::invalid);
  EXPECT_EQ(check_of("at_svnr", "1237320180"), Check::invalid);
  EXPECT_EQ(check_of("at_svnr", "1237011680"), Check::invalid);
  expect_wrong_lengths_refused("at_svnr", "1237010180");
}

}  // namespace
}  // namespace assay::classify
