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

}  // namespace
}  // namespace assay::classify
