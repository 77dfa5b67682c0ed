#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(JpMyNumber, CheckDigit) {
  EXPECT_EQ(check_of("jp_my_number", "1234 5678 9018"), Check::valid);
  EXPECT_EQ(check_of("jp_my_number", "123456789018"), Check::valid);
  expect_digit_changes_refused("jp_my_number", "123456789018");
  expect_wrong_lengths_refused("jp_my_number", "123456789018");
}

TEST(JpMyNumber, RefusesRepeatsAndOtherLengths) {
  EXPECT_EQ(check_of("jp_my_number", "000000000000"), Check::invalid);
  EXPECT_EQ(check_of("jp_my_number", "1234567890183"), Check::invalid);
  EXPECT_EQ(check_of("jp_my_number", "123456789019"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
