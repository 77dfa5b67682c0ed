#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(KrBrn, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("kr_brn", "220-81-62517");
  EXPECT_EQ(check_of("kr_brn", "124-81-00998"), Check::valid);
  EXPECT_EQ(check_of("kr_brn", "1208147521"), Check::valid);
  EXPECT_EQ(check_of("kr_brn", "000-81-62517"), Check::invalid);
  EXPECT_EQ(check_of("kr_brn", "220-00-62517"), Check::invalid);
  EXPECT_EQ(check_of("kr_brn", "220-81-00000"), Check::invalid);
  expect_wrong_lengths_refused("kr_brn", "220-81-62517");
}

TEST(KrDriverLicense, RegionIsOneOfThePolice) {
  EXPECT_EQ(check_of("kr_driver_license", "11-02-123456-79"), Check::plausible);
  EXPECT_EQ(check_of("kr_driver_license", "28-19-000001-12"), Check::plausible);
  EXPECT_EQ(check_of("kr_driver_license", "10-02-123456-79"), Check::invalid);
  EXPECT_EQ(check_of("kr_driver_license", "27-02-123456-79"), Check::invalid);
  EXPECT_EQ(check_of("kr_driver_license", "29-02-123456-79"), Check::invalid);
  EXPECT_EQ(check_of("kr_driver_license", "11-02-000000-79"), Check::invalid);
  EXPECT_EQ(check_of("kr_driver_license", "11-02-12345-79"), Check::invalid);
  EXPECT_EQ(check_of("kr_driver_license", ""), Check::invalid);
  expect_wrong_lengths_refused("kr_driver_license", "11-02-123456-79");
}

TEST(KrRrn, CheckOfNumbersBeforeOctober2020) {
  EXPECT_EQ(check_of("kr_rrn", "850315-1204556"), Check::valid);
  EXPECT_EQ(check_of("kr_rrn", "021231-4102348"), Check::valid);
  expect_wrong_lengths_refused("kr_rrn", "850315-1204556");
}

TEST(KrRrn, NewNumbersHaveNoCheck) {
  EXPECT_EQ(check_of("kr_rrn", "850315-1204557"), Check::plausible);
  EXPECT_EQ(check_of("kr_rrn", "230101-3123456"), Check::plausible);
}

TEST(KrRrn, DateCenturyAndSexMustFit) {
  EXPECT_EQ(check_of("kr_rrn", "901301-1234567"), Check::invalid);
  EXPECT_EQ(check_of("kr_rrn", "900230-1234567"), Check::invalid);
  EXPECT_EQ(check_of("kr_rrn", "900101-5234567"), Check::invalid);
  EXPECT_EQ(check_of("kr_rrn", "950101-3234567"), Check::invalid);
  EXPECT_EQ(check_of("kr_rrn", "900101-123456"), Check::invalid);
}

TEST(KrFrn, CheckIsTwoHigherThanAResidents) {
  EXPECT_EQ(check_of("kr_frn", "880726-5100022"), Check::valid);
  EXPECT_EQ(check_of("kr_frn", "880726-5100023"), Check::plausible);
  EXPECT_EQ(check_of("kr_frn", "900101-1234567"), Check::invalid);
  EXPECT_EQ(check_of("kr_frn", "901301-5234567"), Check::invalid);
  expect_wrong_lengths_refused("kr_frn", "880726-5100022");
}

}  // namespace
}  // namespace assay::classify
