#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(TrNationalId, TwoCheckDigitsGuardEveryDigit) {
  expect_digit_changes_refused("tr_national_id", "10000000146");
  expect_digit_changes_refused("tr_national_id", "17291716060");
  expect_wrong_lengths_refused("tr_national_id", "17291716060");
}

TEST(TrNationalId, NoLeadingZero) {
  EXPECT_EQ(check_of("tr_national_id", "00000000000"), Check::invalid);
  EXPECT_EQ(check_of("tr_national_id", "01729171606"), Check::invalid);
  EXPECT_EQ(check_of("tr_national_id", "172917160600"), Check::invalid);
}

TEST(TrLicensePlate, ProvinceLettersDigits) {
  EXPECT_EQ(check_of("tr_license_plate", "34 ABC 123"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "34ABC12"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "06 AB 123"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "06AB1234"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "35 A 1234"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "35 A 12345"), Check::plausible);
  EXPECT_EQ(check_of("tr_license_plate", "81-ZZZ-99"), Check::plausible);
}

TEST(TrLicensePlate, WhatNoPlateHas) {
  EXPECT_EQ(check_of("tr_license_plate", "00 ABC 123"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "82 ABC 123"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 AQC 123"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 ABC 1"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 ABC 1234"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 A 123"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 AB 12"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 ABC 000"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "34 ABCD 12"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "3 ABC 1234"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", ""), Check::invalid);
}

TEST(TrLicensePlate, DatesAreNotPlates) {
  EXPECT_EQ(check_of("tr_license_plate", "12 MAY 20"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "05 Eki 99"), Check::invalid);
  EXPECT_EQ(check_of("tr_license_plate", "01JAN70"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
