#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(NzIrd, PublishedExamples) {
  EXPECT_EQ(check_of("nz_ird", "49-091-850"), Check::valid);
  EXPECT_EQ(check_of("nz_ird", "35901981"), Check::valid);
  EXPECT_EQ(check_of("nz_ird", "49098576"), Check::valid);
  EXPECT_EQ(check_of("nz_ird", "136-410-132"), Check::valid);
  EXPECT_EQ(check_of("nz_ird", "136410133"), Check::invalid);
  EXPECT_EQ(check_of("nz_ird", "9125568"), Check::invalid);
  EXPECT_EQ(check_of("nz_ird", "09125568"), Check::invalid);
  EXPECT_EQ(check_of("nz_ird", "300000000"), Check::invalid);
  expect_digit_changes_refused("nz_ird", "136-410-132", 10);
  expect_wrong_lengths_refused("nz_ird", "35901981");
}

}  // namespace
}  // namespace assay::classify
