#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ClRut, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("cl_rut", "12.345.678-5");
  expect_digit_changes_refused("cl_rut", "60.803.000-K");
  EXPECT_EQ(check_of("cl_rut", "11.111.111-1"), Check::invalid) << "right by its check, and what forms are filled with";
  EXPECT_EQ(check_of("cl_rut", "60803000k"), Check::valid);
  EXPECT_EQ(check_of("cl_rut", "12.345.678-K"), Check::invalid);
  EXPECT_EQ(check_of("cl_rut", "60.803.000-0"), Check::invalid);
  EXPECT_EQ(check_of("cl_rut", "0.000.000-0"), Check::invalid);
  expect_wrong_lengths_refused("cl_rut", "60.803.000-K");
}

}  // namespace
}  // namespace assay::classify
