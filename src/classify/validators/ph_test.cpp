#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(PhTin, NineTwelveOrFourteenDigits) {
  EXPECT_EQ(check_of("ph_tin", "123-456-789"), Check::plausible);
  EXPECT_EQ(check_of("ph_tin", "004-567-123-000"), Check::plausible);
  EXPECT_EQ(check_of("ph_tin", "239-393-125-00000"), Check::plausible);
  EXPECT_EQ(check_of("ph_tin", "000-000-000-000"), Check::invalid);
  EXPECT_EQ(check_of("ph_tin", "111-111-111-000"), Check::invalid);
  EXPECT_EQ(check_of("ph_tin", "123-456-78"), Check::invalid);
  EXPECT_EQ(check_of("ph_tin", "123-456-789-0"), Check::invalid);
  EXPECT_EQ(check_of("ph_tin", "123-456-789-0000"), Check::invalid);
  EXPECT_EQ(check_of("ph_tin", ""), Check::invalid);
  expect_wrong_lengths_refused("ph_tin", "004-567-123-000");
}

}  // namespace
}  // namespace assay::classify
