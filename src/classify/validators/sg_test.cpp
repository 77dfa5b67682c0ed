#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(SgNricFin, EverySeriesHasItsLetters) {
  expect_digit_changes_refused("sg_nric_fin", "S1234567D");
  expect_digit_changes_refused("sg_nric_fin", "T1234567J");
  expect_digit_changes_refused("sg_nric_fin", "F1234567N");
  expect_digit_changes_refused("sg_nric_fin", "G1234567X");
  expect_digit_changes_refused("sg_nric_fin", "M1234567K");
  expect_digit_changes_refused("sg_nric_fin", "M5398242L");
  EXPECT_EQ(check_of("sg_nric_fin", "s1234567d"), Check::valid);
  expect_wrong_lengths_refused("sg_nric_fin", "S1234567D");
}

TEST(SgNricFin, OtherLettersAreRefused) {
  EXPECT_EQ(check_of("sg_nric_fin", "S1234567E"), Check::invalid);
  EXPECT_EQ(check_of("sg_nric_fin", "A1234567D"), Check::invalid);
  EXPECT_EQ(check_of("sg_nric_fin", "S12345678"), Check::invalid);
  EXPECT_EQ(check_of("sg_nric_fin", "T1234567D"), Check::invalid);
  EXPECT_EQ(check_of("sg_nric_fin", "F1234567D"), Check::invalid);
}

TEST(SgUen, ThreeFormats) {
  expect_digit_changes_refused("sg_uen", "00192200M");
  expect_digit_changes_refused("sg_uen", "197401143C");
  expect_digit_changes_refused("sg_uen", "T01FC6132D");
  EXPECT_EQ(check_of("sg_uen", "S16FC0121D"), Check::valid);
  expect_wrong_lengths_refused("sg_uen", "197401143C");
}

TEST(SgUen, WrongLetterYearOrKind) {
  EXPECT_EQ(check_of("sg_uen", "00192200N"), Check::invalid);
  EXPECT_EQ(check_of("sg_uen", "197401143D"), Check::invalid);
  EXPECT_EQ(check_of("sg_uen", "T01FC6132E"), Check::invalid);
  EXPECT_EQ(check_of("sg_uen", "T01ZZ6132D"), Check::invalid);
  EXPECT_EQ(check_of("sg_uen", "297401143C"), Check::invalid);
  EXPECT_EQ(check_of("sg_uen", "U01FC6132D"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
