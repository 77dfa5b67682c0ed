#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(PtNif, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"123456789", "501 964 843", "PT501964843"})
    EXPECT_EQ(check_of("pt_nif", value), Check::valid) << value;
  expect_digit_changes_refused("pt_nif", "123456789");
  expect_digit_changes_refused("pt_nif", "PT501964843");
  expect_wrong_lengths_refused("pt_nif", "123456789");
}

TEST(PtNif, RefusesFirstDigitsThatAreNotAssigned) {
  for (const char* value : {"412345678", "012345678", "731234567", "951234567", "111111111", "FR123456789"})
    EXPECT_EQ(check_of("pt_nif", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
