#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(NgNin, ElevenDigitsWithoutAPattern) {
  EXPECT_EQ(check_of("ng_nin", "61961438053"), Check::plausible);
  EXPECT_EQ(check_of("ng_nin", "11111111111"), Check::invalid);
  EXPECT_EQ(check_of("ng_nin", "12345678901"), Check::invalid);
  EXPECT_EQ(check_of("ng_nin", "01234567890"), Check::invalid);
  EXPECT_EQ(check_of("ng_nin", "6196143805"), Check::invalid);
  EXPECT_EQ(check_of("ng_nin", "619614380533"), Check::invalid);
  EXPECT_EQ(check_of("ng_nin", ""), Check::invalid);
  expect_wrong_lengths_refused("ng_nin", "61961438053");
}

TEST(NgVehicleRegistration, AreaSerialBatch) {
  EXPECT_EQ(check_of("ng_vehicle_registration", "LSR-123AA"), Check::plausible);
  EXPECT_EQ(check_of("ng_vehicle_registration", "ABJ 456 XY"), Check::plausible);
  EXPECT_EQ(check_of("ng_vehicle_registration", "kja001bc"), Check::plausible);
  EXPECT_EQ(check_of("ng_vehicle_registration", "LSR-000AA"), Check::invalid);
  EXPECT_EQ(check_of("ng_vehicle_registration", "LS1-123AA"), Check::invalid);
  EXPECT_EQ(check_of("ng_vehicle_registration", "LSR-123A1"), Check::invalid);
  EXPECT_EQ(check_of("ng_vehicle_registration", "LSR-123A"), Check::invalid);
  EXPECT_EQ(check_of("ng_vehicle_registration", ""), Check::invalid);
  expect_wrong_lengths_refused("ng_vehicle_registration", "LSR-123AA");
}

}  // namespace
}  // namespace assay::classify
