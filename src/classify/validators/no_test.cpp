#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(NoFodselsnummer, TwoCheckDigitsGuardEveryDigit) {
  expect_digit_changes_refused("no_fodselsnummer", "15108695088");
  EXPECT_EQ(check_of("no_fodselsnummer", "151086 95088"), Check::valid);
  EXPECT_EQ(check_of("no_fodselsnummer", "55108610092"), Check::valid);
  EXPECT_EQ(check_of("no_fodselsnummer", "15508610081"), Check::valid);
  EXPECT_EQ(check_of("no_fodselsnummer", "15908610064"), Check::valid);
  EXPECT_EQ(check_of("no_fodselsnummer", "15138695088"), Check::invalid);
  EXPECT_EQ(check_of("no_fodselsnummer", "32108695088"), Check::invalid);
  expect_wrong_lengths_refused("no_fodselsnummer", "15108695088");
}

}  // namespace
}  // namespace assay::classify
