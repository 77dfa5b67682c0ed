#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(PeRuc, CheckAndKind) {
  expect_digit_changes_refused("pe_ruc", "20512333797", 10);
  EXPECT_EQ(check_of("pe_ruc", "20131312955"), Check::valid);
  EXPECT_EQ(check_of("pe_ruc", "20512333798"), Check::invalid);
  EXPECT_EQ(check_of("pe_ruc", "30512333797"), Check::invalid);
  EXPECT_EQ(check_of("pe_ruc", "20000000001"), Check::invalid);
  expect_wrong_lengths_refused("pe_ruc", "20512333797");
}

}  // namespace
}  // namespace assay::classify
