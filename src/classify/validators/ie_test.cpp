#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(IePps, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"1234567T", "1234567FA", "6433435F", "6433435FT", "6433435FW", "6433435OA"})
    EXPECT_EQ(check_of("ie_pps", value), Check::valid) << value;
  expect_digit_changes_refused("ie_pps", "1234567T");
  expect_digit_changes_refused("ie_pps", "1234567FA");
  expect_wrong_lengths_refused("ie_pps", "1234567T");
}

TEST(IePps, RefusesOtherLetters) {
  for (const char* value : {"1234567A", "1234567FB", "1234567TZ", "1234567TK", "0000000W", "12345678"})
    EXPECT_EQ(check_of("ie_pps", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
