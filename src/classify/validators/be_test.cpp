#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(BeNationalNumber, AcceptsPublishedNumbersOfBothCenturies) {
  for (const char* value : {"85.07.30-033.28", "85073003328", "17.07.30-033.84", "17073003384"})
    EXPECT_EQ(check_of("be_national_number", value), Check::valid) << value;
  expect_digit_changes_refused("be_national_number", "85.07.30-033.28");
  expect_digit_changes_refused("be_national_number", "17.07.30-033.84");
  expect_wrong_lengths_refused("be_national_number", "85073003328");
}

TEST(BeNationalNumber, KnowsTheBisRegisterAndUnknownBirthdays) {
  EXPECT_EQ(check_of("be_national_number", "85.27.30-033.71"), Check::valid);
  EXPECT_EQ(check_of("be_national_number", "85.47.30-033.17"), Check::valid);
  EXPECT_EQ(check_of("be_national_number", "40.00.00-953.81"), Check::valid);
  EXPECT_EQ(check_of("be_national_number", "40000095381"), Check::invalid);
}

TEST(BeNationalNumber, RefusesImpossibleBirthdaysAndSerials) {
  for (const char* value : {"85.13.30-033.70", "85.02.30-033.90", "85.07.32-033.65", "85.07.30-000.61"})
    EXPECT_EQ(check_of("be_national_number", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
