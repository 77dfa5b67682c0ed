#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ArCuit, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("ar_cuit", "20-26756539-3");
  expect_digit_changes_refused("ar_cuit", "33-69345023-9");
  EXPECT_EQ(check_of("ar_cuit", "30500010912"), Check::valid);
  expect_wrong_lengths_refused("ar_cuit", "20267565393");
}

TEST(ArCuit, OnlyIssuedPrefixes) {
  EXPECT_EQ(check_of("ar_cuit", "21267565322"), Check::invalid);
  EXPECT_EQ(check_of("ar_cuit", "20-00000000-1"), Check::invalid);
  EXPECT_EQ(check_of("ar_cuit", "20-26756539-4"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
