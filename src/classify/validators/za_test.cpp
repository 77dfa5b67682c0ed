#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ZaIdNumber, LuhnGuardsEveryDigit) {
  expect_digit_changes_refused("za_id_number", "8001015009087");
  expect_digit_changes_refused("za_id_number", "750330 5044 08 9");
  expect_wrong_lengths_refused("za_id_number", "8001015009087");
}

TEST(ZaIdNumber, DateAndCitizenship) {
  EXPECT_EQ(check_of("za_id_number", "8013015009082"), Check::invalid);
  EXPECT_EQ(check_of("za_id_number", "8001015009384"), Check::invalid);
  EXPECT_EQ(check_of("za_id_number", "5001015009015"), Check::plausible);
  EXPECT_EQ(check_of("za_id_number", "9602295009082"), Check::valid);
}

}  // namespace
}  // namespace assay::classify
