#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ChAhv, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"756.9217.0769.85", "7569217076985", "756 1234 5678 97"})
    EXPECT_EQ(check_of("ch_ahv", value), Check::valid) << value;
  expect_digit_changes_refused("ch_ahv", "756.9217.0769.85");
  expect_wrong_lengths_refused("ch_ahv", "7569217076985");
  EXPECT_EQ(check_of("ch_ahv", "4006381333931"), Check::invalid);  // an EAN-13 of another country
}

}  // namespace
}  // namespace assay::classify
