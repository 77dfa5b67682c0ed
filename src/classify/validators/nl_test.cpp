#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(NlBsn, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"111222333", "1112.22.333", "123456782", "010464554"})
    EXPECT_EQ(check_of("nl_bsn", value), Check::valid) << value;
  expect_digit_changes_refused("nl_bsn", "111222333");
  expect_wrong_lengths_refused("nl_bsn", "111222333");
  EXPECT_EQ(check_of("nl_bsn", "000000000"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
