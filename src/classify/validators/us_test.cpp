#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(UsSsn, FollowsTheRulesOfAssignment) {
  for (const auto* number : {"536-22-8145", "001-01-0001", "899 99 9999", "772015533"})
    EXPECT_EQ(check_of("us_ssn", number), Check::plausible) << number;
  for (const auto* number : {"000-22-8145", "666-22-8145", "900-22-8145", "987-65-4321", "536-00-8145", "536-22-0000",
                             "078-05-1120", "219-09-9999", "111-11-1111", "123-45-6789", "53622814", "5362281456", ""})
    EXPECT_EQ(check_of("us_ssn", number), Check::invalid) << number;
}

TEST(UsItin, HasItsOwnGroups) {
  for (const auto* number : {"912-70-1234", "900-50-0001", "999-99-1234", "987884321", "911-90-1234"})
    EXPECT_EQ(check_of("us_itin", number), Check::plausible) << number;
  for (const auto* number : {"812-70-1234", "912-49-1234", "912-66-1234", "912-89-1234", "912-93-1234", "912-70-123"})
    EXPECT_EQ(check_of("us_itin", number), Check::invalid) << number;
}

TEST(UsMbi, FollowsTheFormatOfCms) {
  for (const auto* number : {"1EG4-TE5-MK73", "1EG4TE5MK73", "1eg4te5mk73", "9A90-A00-AA00"})
    EXPECT_EQ(check_of("us_mbi", number), Check::plausible) << number;
  for (const auto* number : {"0EG4-TE5-MK73", "1SG4-TE5-MK73", "1EG4-TE5-MK7A", "1EG4-TEA-MK73", "1EGA-TE5-MK73",
                             "1EG4-5E5-MK73", "1EG4TE5MK7", "1EO4-TE5-MK73"})
    EXPECT_EQ(check_of("us_mbi", number), Check::invalid) << number;
}

TEST(UsNpi, AcceptsTheExampleOfCmsAndRejectsItsNeighbours) {
  EXPECT_EQ(check_of("us_npi", "1234567893"), Check::valid);
  EXPECT_EQ(check_of("us_npi", "1245319599"), Check::valid);
  expect_digit_changes_refused("us_npi", "1234567893");
  EXPECT_EQ(check_of("us_npi", "3234567899"), Check::invalid);
  EXPECT_EQ(check_of("us_npi", "123456789"), Check::invalid);
}

TEST(AbaRoutingNumber, AcceptsIssuedNumbersAndRejectsTheirNeighbours) {
  for (const auto* number : {"021000021", "111000025", "322271627", "011401533", "0910-0002-2"}) {
    EXPECT_EQ(check_of("aba_routing_number", number), Check::valid) << number;
    expect_digit_changes_refused("aba_routing_number", number);
  }
  EXPECT_EQ(check_of("aba_routing_number", "501000020"), Check::invalid);
  EXPECT_EQ(check_of("aba_routing_number", "000000000"), Check::invalid);
  EXPECT_EQ(check_of("aba_routing_number", "02100002"), Check::invalid);
}

TEST(UsDeaNumber, ChecksTheLastDigit) {
  for (const auto* number : {"AB1234563", "BB1388568", "M91234563", "fp1234563"})
    EXPECT_EQ(check_of("us_dea_number", number), Check::valid) << number;
  // A change in a place of odd weight or in the check digit is always seen; a doubled digit moved by five is not.
  for (const auto* number : {"AB2234563", "AB1244563", "AB1234663", "AB1234560"})
    EXPECT_EQ(check_of("us_dea_number", number), Check::invalid) << number;
  EXPECT_EQ(check_of("us_dea_number", "AB1734563"), Check::valid);
  for (const auto* number : {"ZB1234563", "A81234563", "AB1234564", "AB0000000", "AB123456", ""})
    EXPECT_EQ(check_of("us_dea_number", number), Check::invalid) << number;
}

TEST(UsBankNumber, RefusesFillers) {
  EXPECT_EQ(check_of("us_bank_number", "000123456789"), Check::plausible);
  for (const auto* number : {"123", "00000000", "12345678", "123456789012345678", "12A45678"})
    EXPECT_EQ(check_of("us_bank_number", number), Check::invalid) << number;
}

TEST(UsPassport, IsNineDigitsOrALetterAndEight) {
  EXPECT_EQ(check_of("us_passport", "340020013"), Check::plausible);
  EXPECT_EQ(check_of("us_passport", "A12345678"), Check::plausible);
  for (const auto* number : {"111111111", "A00000000", "AB1234567", "34002001", "123456789", ""})
    EXPECT_EQ(check_of("us_passport", number), Check::invalid) << number;
}

TEST(UsDriverLicense, KnowsTheShapesOfTheStates) {
  // California, New York, Florida, Illinois, New Jersey, Washington, New Hampshire, Idaho.
  for (const auto* number : {"A1234568", "123 456 788", "F123-456-78-901-0", "S123-4567-8901", "A1234 56789 01234",
                             "WDLABCD456DG", "12ABC34567", "AB123456C"})
    EXPECT_EQ(check_of("us_driver_license", number), Check::plausible) << number;
  for (const auto* number : {"ABCDEFG", "A1B2C3D4", "11111111", "12345", "", "ABCD12345"})
    EXPECT_EQ(check_of("us_driver_license", number), Check::invalid) << number;
}

}  // namespace
}  // namespace assay::classify
