#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(Imei, AcceptsPublishedNumbers) {
  for (const auto* number : {"490154203237518", "35-209900-176148-1", "356938035643809", "01 260600 123456 9"})
    EXPECT_NE(check_of("imei", number), Check::plausible) << number;
  EXPECT_EQ(check_of("imei", "490154203237518"), Check::valid);
  EXPECT_EQ(check_of("imei", "35-209900-176148-1"), Check::valid);
  EXPECT_EQ(check_of("imei", "356938035643809"), Check::valid);
}

TEST(Imei, RejectsChangedDigitsAndForeignBodies) {
  expect_digit_changes_refused("imei", "490154203237518");
  EXPECT_EQ(check_of("imei", "790154203237512"), Check::invalid);
  EXPECT_EQ(check_of("imei", "000000000000000"), Check::invalid);
  EXPECT_EQ(check_of("imei", "49015420323751"), Check::invalid);
}

TEST(Vin, AcceptsNumbersWithTheCheckDigit) {
  for (const auto* number : {"1M8GDM9AXKP042788", "5GZCZ43D13S812715", "1HGCM82633A004352", "1hgcm82633a004352"})
    EXPECT_EQ(check_of("vin", number), Check::valid) << number;
}

TEST(Vin, RejectsEveryChangedDigitInNorthAmerica) {
  // The ninth place has weight 0 but is the check digit itself; every other weight is coprime to 11.
  expect_digit_changes_refused("vin", "1M8GDM9AXKP042788");
  expect_digit_changes_refused("vin", "5GZCZ43D13S812715");
}

TEST(Vin, ElsewhereTheCheckDigitIsOptional) {
  EXPECT_EQ(check_of("vin", "WVWZZZ1JZ3W386752"), Check::plausible);
  EXPECT_EQ(check_of("vin", "VF1BB05CF12345678"), Check::plausible);
}

TEST(Vin, RejectsForbiddenLettersAndShapes) {
  for (const auto* text : {"1M8GDM9AXKP04278O", "IM8GDM9AXKP042788", "11111111111111111", "1M8GDM9AXKP0427", "",
                           "WVWZZZ1JZ3W38675X", "WVWZZZ1JZ3W380000"})
    EXPECT_EQ(check_of("vin", text), Check::invalid) << text;
}

TEST(GeoCoordinates, NeedsTwoPreciseNumbersInRange) {
  for (const auto* text : {"40.7128, -74.0060", "48.85837,2.294481", "(51.5007; -0.1246)", "51°30'26\"N 0°7'39\"W",
                           "40° 26.767' N, 79° 58.933' W"})
    EXPECT_EQ(check_of("geo_coordinates", text), Check::valid) << text;
  for (const auto* text : {"91.1234, 10.1234", "40.71, -74.00", "40.7128, 181.0060", "0.1234, 0.5678",
                           "95°30'26\"N 0°7'39\"W", "51°61'26\"N 0°7'39\"W", "12.5", ""})
    EXPECT_EQ(check_of("geo_coordinates", text), Check::invalid) << text;
}

TEST(Icd10, KnowsTheCategories) {
  for (const auto* code : {"E11.9", "I10", "Z3A.20", "S72.001A", "U07.1", "C7B.00", "M54.5"})
    EXPECT_EQ(check_of("icd10", code), Check::plausible) << code;
  for (const auto* code : {"E91", "D90.1", "G99A", "1E1.9", "EE1.9", "E1", "", "B2B.1", "T99.9"})
    EXPECT_NE(check_of("icd10", code), Check::valid) << code;
  for (const auto* code : {"E91", "D90.1", "1E1.9", "EE1.9", "E1", "", "B2B.1", "T99.9"})
    EXPECT_EQ(check_of("icd10", code), Check::invalid) << code;
}

}  // namespace
}  // namespace assay::classify
