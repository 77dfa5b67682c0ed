#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(UkNhs, AcceptsPublishedNumbersAndNoOther) {
  EXPECT_EQ(check_of("uk_nhs", "943 476 5919"), Check::valid);
  EXPECT_EQ(check_of("uk_nhs", "401-023-2137"), Check::valid);
  expect_digit_changes_refused("uk_nhs", "9434765919");
  expect_wrong_lengths_refused("uk_nhs", "9434765919");
}

TEST(UkNhs, RefusesOneDigitRepeatedAlthoughTheSumFits) { EXPECT_EQ(check_of("uk_nhs", "9999999999"), Check::invalid); }

TEST(UkNino, AcceptsWrittenTogetherInPairsAndWithoutSuffix) {
  EXPECT_EQ(check_of("uk_nino", "AB123456C"), Check::plausible);
  EXPECT_EQ(check_of("uk_nino", "ab 12 34 56 c"), Check::plausible);
  EXPECT_EQ(check_of("uk_nino", "AB123456"), Check::plausible);
}

TEST(UkNino, RefusesPrefixesThatAreNotAllocated) {
  for (const char* value : {"QQ123456C", "BG123456A", "GB123456A", "KN123456A", "NK123456A", "NT123456A", "TN123456A",
                            "ZZ123456A", "DA123456A", "AO123456A", "AB123456E", "AB12345C", "AB1234567", "1B123456C"})
    EXPECT_EQ(check_of("uk_nino", value), Check::invalid) << value;
  expect_wrong_lengths_refused("uk_nino", "AB123456C");
}

TEST(UkDrivingLicence, AcceptsTheStructure) {
  for (const char* value : {"MORGA657054SM9IJ", "MORGA753116SM9IJ", "MORGA 657054 SM9IJ", "FO999512019A99AA",
                            "SMITH702289J99AB", "MORGA657054SM9IJ35"})
    EXPECT_EQ(check_of("uk_driving_licence", value), Check::plausible) << value;
}

TEST(UkDrivingLicence, RefusesImpossibleParts) {
  for (const char* value : {"99999657054SM9IJ", "M9RGA657054SM9IJ", "MORGA613054SM9IJ", "MORGA663054SM9IJ",
                            "MORGA657324SM9IJ", "MORGA602304SM9IJ", "MORGA6570549M9IJ", "MORGA6570541M9IJ",
                            "MORGA657054S19IJ", "MORGA657054SMIIJ", "MORGA657054SM9I1", "MORGA657054SM9IJAB"})
    EXPECT_EQ(check_of("uk_driving_licence", value), Check::invalid) << value;
  expect_wrong_lengths_refused("uk_driving_licence", "MORGA657054SM9IJ");
}

TEST(UkPostcode, AcceptsEachFormat) {
  for (const char* value : {"M1 1AA", "M60 1NW", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "SW1A 1AA", "GIR 0AA",
                            "sw1a2aa", "E1W 1YA", "BL0 9AA", "CM0 7AA", "BF1 3AA"})
    EXPECT_NE(check_of("uk_postcode", value), Check::invalid) << value;
  EXPECT_EQ(check_of("uk_postcode", "SW1A 1AA"), Check::valid);
  EXPECT_EQ(check_of("uk_postcode", "GIR 0AA"), Check::valid);
}

TEST(UkPostcode, RefusesUnknownAreasDistrictsAndLetters) {
  for (const char* value : {"A1 1AA", "QQ1 1AA", "XX1 1AA", "M1 1CA", "M1 1AK", "M0 1AA", "AB1 1AA", "SO1 4AA",
                            "M1A 1AA", "SW9A 1AA", "M100 1AA", "M1 AAA", "M1 11A", "11 1AA", "MMM1 1A", "M01 1AA"})
    EXPECT_EQ(check_of("uk_postcode", value), Check::invalid) << value;
  expect_wrong_lengths_refused("uk_postcode", "SW1A 1AA");
}

TEST(UkPostcode, IsNotSureOfWhatReadsAsMeasureOrOrdinal) {
  EXPECT_EQ(check_of("uk_postcode", "B1 2GB"), Check::plausible);
  EXPECT_EQ(check_of("uk_postcode", "G4 7TH"), Check::plausible);
}

TEST(UkVehicleRegistration, IsSureOfTheSchemeOf2001Only) {
  EXPECT_EQ(check_of("uk_vehicle_registration", "AB51 ABC"), Check::valid);
  EXPECT_EQ(check_of("uk_vehicle_registration", "lk24xyz"), Check::valid);
  EXPECT_EQ(check_of("uk_vehicle_registration", "A123 BCD"), Check::plausible);
  EXPECT_EQ(check_of("uk_vehicle_registration", "ABC 123D"), Check::plausible);
  EXPECT_EQ(check_of("uk_vehicle_registration", "AIZ 1234"), Check::plausible);
  EXPECT_EQ(check_of("uk_vehicle_registration", "Q123 ABC"), Check::plausible);
}

TEST(UkVehicleRegistration, IsNotSureOfFiscalYearsMonthsAndCurrencies) {
  for (const char* value : {"FY24 ABC", "CY23 ABC", "AB24 USD", "MA25 OCT"})
    EXPECT_EQ(check_of("uk_vehicle_registration", value), Check::plausible) << value;
}

TEST(UkVehicleRegistration, RefusesLettersAndAgesThatAreNotUsed) {
  for (const char* value : {"IB51 ABC", "AI51 ABC", "AQ51 ABC", "AB51 AIC", "AB51 QBC", "AB00 ABC", "AB01 ABC",
                            "AB45 ABC", "AB95 ABC", "AQ12 34", "ABCDEF", "A000 AQA", "1234567", "AB"})
    EXPECT_EQ(check_of("uk_vehicle_registration", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
