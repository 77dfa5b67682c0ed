#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(IlIdNumber, LuhnGuardsEveryDigit) {
  expect_digit_changes_refused("il_id_number", "039337423");
  EXPECT_EQ(check_of("il_id_number", "000000000"), Check::invalid);
  EXPECT_EQ(check_of("il_id_number", "39337423"), Check::invalid);
  EXPECT_EQ(check_of("il_id_number", "039337424"), Check::invalid);
  expect_wrong_lengths_refused("il_id_number", "039337423");
}

}  // namespace
}  // namespace assay::classify
