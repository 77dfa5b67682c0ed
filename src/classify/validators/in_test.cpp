#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(InAadhaar, VerhoeffGuardsEveryDigit) {
  expect_digit_changes_refused("in_aadhaar", "2341 2341 2346");
  EXPECT_EQ(check_of("in_aadhaar", "234123412346"), Check::valid);
  EXPECT_EQ(check_of("in_aadhaar", "2341-2341-2346"), Check::valid);
  expect_wrong_lengths_refused("in_aadhaar", "234123412346");
}

TEST(InAadhaar, LeadingZeroOrOneAndPalindromesAreNotIssued) {
  EXPECT_EQ(check_of("in_aadhaar", "0341 2341 2346"), Check::invalid);
  EXPECT_EQ(check_of("in_aadhaar", "1341 2341 2346"), Check::invalid);
  EXPECT_EQ(check_of("in_aadhaar", "222222222222"), Check::invalid);
  EXPECT_EQ(check_of("in_aadhaar", "234562265432"), Check::invalid);
}

TEST(InAadhaar, StretchesOfTablesAreDoubted) {
  EXPECT_EQ(check_of("in_aadhaar", "2712 2734 2757"), Check::plausible);
  EXPECT_EQ(check_of("in_aadhaar", "5377 5378 5379"), Check::plausible);
}

TEST(InAadhaar, NeighboursSwappedAreRefused) {
  EXPECT_EQ(check_of("in_aadhaar", "3241 2341 2346"), Check::invalid);
  EXPECT_EQ(check_of("in_aadhaar", "2341 2341 2364"), Check::invalid);
}

TEST(InGstin, CheckCharacterGuardsEveryDigit) {
  expect_digit_changes_refused("in_gstin", "27AAPFU0939F1ZV");
  EXPECT_EQ(check_of("in_gstin", "27aapfu0939f1zv"), Check::valid);
  expect_wrong_lengths_refused("in_gstin", "27AAPFU0939F1ZV");
}

TEST(InGstin, StateAndPanInsideMustExist) {
  EXPECT_EQ(check_of("in_gstin", "39AAPFU0939F1ZV"), Check::invalid);
  EXPECT_EQ(check_of("in_gstin", "00AAPFU0939F1ZV"), Check::invalid);
  EXPECT_EQ(check_of("in_gstin", "27AAPXU0939F1ZV"), Check::invalid);
  EXPECT_EQ(check_of("in_gstin", "27AAPFU0939F1ZW"), Check::invalid);
  EXPECT_EQ(check_of("in_gstin", "27AAPFU0939F0ZV"), Check::invalid);
}

TEST(InPan, FourthLetterIsTheHolder) {
  EXPECT_EQ(check_of("in_pan", "ACUPA7085R"), Check::plausible);
  EXPECT_EQ(check_of("in_pan", "AAPFU0939F"), Check::plausible);
  EXPECT_EQ(check_of("in_pan", "AAACR5055K"), Check::plausible);
  EXPECT_EQ(check_of("in_pan", "ACUXA7085R"), Check::invalid);
  EXPECT_EQ(check_of("in_pan", "ACUPA0000R"), Check::invalid);
  EXPECT_EQ(check_of("in_pan", "ACUPA70855"), Check::invalid);
  EXPECT_EQ(check_of("in_pan", "ACUP77085R"), Check::invalid);
  EXPECT_EQ(check_of("in_pan", "ACUPA7085RR"), Check::invalid);
  EXPECT_EQ(check_of("in_pan", ""), Check::invalid);
  expect_wrong_lengths_refused("in_pan", "ACUPA7085R");
}

TEST(InVoter, LuhnConfirmsAndItsAbsenceDoesNotRefuse) {
  EXPECT_EQ(check_of("in_voter", "WKH1186253"), Check::valid);
  EXPECT_EQ(check_of("in_voter", "WKH1186250"), Check::plausible);
  EXPECT_EQ(check_of("in_voter", "WK11186253"), Check::invalid);
  EXPECT_EQ(check_of("in_voter", "WKH0000000"), Check::invalid);
  EXPECT_EQ(check_of("in_voter", "WKH118625"), Check::invalid);
  expect_wrong_lengths_refused("in_voter", "WKH1186253");
}

TEST(InVehicleRegistration, StatesAndSeries) {
  EXPECT_EQ(check_of("in_vehicle_registration", "MH12AB1234"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH-12-AB-1234"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "DL 3C AB 1234"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "KA01MG0001"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "TN7B9"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "22 BH 1234 AA"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "21BH0001A"), Check::valid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH 12 1234"), Check::plausible);
}

TEST(InVehicleRegistration, WhatNoOfficeIssues) {
  EXPECT_EQ(check_of("in_vehicle_registration", "XX12AB1234"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH00AB1234"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH12AB0000"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH12ABCD1234"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH12AB12345"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "20BH1234AA"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "22BH1234IO"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "22BH0000AA"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MHAB1234"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", "MH12AB"), Check::invalid);
  EXPECT_EQ(check_of("in_vehicle_registration", ""), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
