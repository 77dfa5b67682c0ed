#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(MxCurp, CheckDigit) {
  EXPECT_EQ(check_of("mx_curp", "BOXW310820HNERXN09"), Check::valid);
  EXPECT_EQ(check_of("mx_curp", "HEGG560427MVZRRL04"), Check::valid);
  EXPECT_EQ(check_of("mx_curp", "hegg560427mvzrrl04"), Check::valid);
  expect_digit_changes_refused("mx_curp", "BOXW310820HNERXN09", 17);
  expect_wrong_lengths_refused("mx_curp", "HEGG560427MVZRRL04");
}

TEST(MxCurp, EveryPartHasItsRange) {
  EXPECT_EQ(check_of("mx_curp", "BOXW311320HNERXN09"), Check::invalid);
  EXPECT_EQ(check_of("mx_curp", "BOXW310820ZNERXN09"), Check::invalid);
  EXPECT_EQ(check_of("mx_curp", "BOXW310820HXXRXN09"), Check::invalid);
  EXPECT_EQ(check_of("mx_curp", "BOXW310820HNEAXN09"), Check::invalid);
  EXPECT_EQ(check_of("mx_curp", "BO1W310820HNERXN09"), Check::invalid);
  EXPECT_EQ(check_of("mx_curp", "BOXW310820HNERXN0A"), Check::invalid);
}

TEST(MxRfc, CheckCharacter) {
  EXPECT_EQ(check_of("mx_rfc", "GODE561231GR8"), Check::valid);
  EXPECT_EQ(check_of("mx_rfc", "EKU9003173C9"), Check::valid);
  EXPECT_EQ(check_of("mx_rfc", "XIA190128J61"), Check::valid);
  EXPECT_EQ(check_of("mx_rfc", "gode561231gr8"), Check::valid);
  EXPECT_EQ(check_of("mx_rfc", "GODE561231GR7"), Check::plausible);
  expect_wrong_lengths_refused("mx_rfc", "GODE561231GR8");
}

TEST(MxRfc, AmpersandAndEnye) {
  EXPECT_EQ(check_of("mx_rfc", "A&B850101A14"), Check::valid);
  EXPECT_EQ(check_of("mx_rfc", "ÑUÑO850101A16"), Check::valid);
}

TEST(MxRfc, DateMustExist) {
  EXPECT_EQ(check_of("mx_rfc", "GODE561331GR8"), Check::invalid);
  EXPECT_EQ(check_of("mx_rfc", "GODE560230GR8"), Check::invalid);
  EXPECT_EQ(check_of("mx_rfc", "GO1E561231GR8"), Check::invalid);
  EXPECT_EQ(check_of("mx_rfc", "GODEX61231GR8"), Check::invalid);
  EXPECT_EQ(check_of("mx_rfc", "GODE561231GR88"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
