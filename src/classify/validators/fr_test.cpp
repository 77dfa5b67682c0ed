#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(FrNir, AcceptsNumbersWithTheirKeyAndNoOther) {
  for (const char* value : {"255081416802538", "2 55 08 14 168 025 38", "2 69 05 49 588 157 80"})
    EXPECT_EQ(check_of("fr_nir", value), Check::valid) << value;
  expect_digit_changes_refused("fr_nir", "255081416802538");
  expect_wrong_lengths_refused("fr_nir", "255081416802538");
}

TEST(FrNir, CountsCorsicaAsNineteenAndEighteen) {
  EXPECT_EQ(check_of("fr_nir", "1 85 05 2A 004 012 70"), Check::valid);
  EXPECT_EQ(check_of("fr_nir", "1 85 05 2B 033 012 03"), Check::valid);
  EXPECT_EQ(check_of("fr_nir", "1 85 05 2C 004 012 13"), Check::invalid);
  EXPECT_EQ(check_of("fr_nir", "1 85 05 3A 004 012 13"), Check::invalid);
}

TEST(FrNir, RefusesImpossiblePartsAndIsNotSureWithoutTheKey) {
  EXPECT_EQ(check_of("fr_nir", "2550814168025"), Check::plausible);
  for (const char* value : {"5550814168025", "2551314168025", "2550800168025", "2550814000025", "2550814168000"})
    EXPECT_EQ(check_of("fr_nir", value), Check::invalid) << value;
}

TEST(FrSiren, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"732 829 320", "552100554", "356000000"})
    EXPECT_EQ(check_of("fr_siren", value), Check::valid) << value;
  expect_digit_changes_refused("fr_siren", "732829320");
  expect_wrong_lengths_refused("fr_siren", "732829320");
  EXPECT_EQ(check_of("fr_siren", "000000000"), Check::invalid);
}

TEST(FrSiret, AcceptsPublishedNumbersAndNoOther) {
  EXPECT_EQ(check_of("fr_siret", "732 829 320 00074"), Check::valid);
  EXPECT_EQ(check_of("fr_siret", "73282932000074"), Check::valid);
  expect_digit_changes_refused("fr_siret", "73282932000074");
  expect_wrong_lengths_refused("fr_siret", "73282932000074");
  EXPECT_EQ(check_of("fr_siret", "73282932000000"), Check::invalid);
}

TEST(FrSiret, SumsTheDigitsOfLaPoste) {
  EXPECT_EQ(check_of("fr_siret", "35600000049837"), Check::valid);
  EXPECT_EQ(check_of("fr_siret", "35600000049838"), Check::invalid);
}

TEST(FrSiret, IsNotSureOfWhatReadsAsATime) {
  // Both parts fit Luhn, and so does the calendar.
  EXPECT_EQ(check_of("fr_siret", "20240102200001"), Check::plausible);
  EXPECT_EQ(check_of("fr_siret", "202 401 022 00001"), Check::valid);
}

}  // namespace
}  // namespace assay::classify
