#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(SePersonnummer, LuhnGuardsEveryDigit) {
  expect_digit_changes_refused("se_personnummer", "811228-9874");
  expect_digit_changes_refused("se_personnummer", "670919-9530");
  expect_wrong_lengths_refused("se_personnummer", "811228-9874");
}

TEST(SePersonnummer, CenturyPlusSignAndCoordinationNumbers) {
  EXPECT_EQ(check_of("se_personnummer", "198112289874"), Check::valid);
  EXPECT_EQ(check_of("se_personnummer", "19811228-9874"), Check::valid);
  EXPECT_EQ(check_of("se_personnummer", "811228+9874"), Check::valid);
  EXPECT_EQ(check_of("se_personnummer", "701063-2391"), Check::valid);
  EXPECT_EQ(check_of("se_personnummer", "218112289874"), Check::invalid);
  EXPECT_EQ(check_of("se_personnummer", "178112289874"), Check::invalid);
  EXPECT_EQ(check_of("se_personnummer", "811328-9874"), Check::invalid);
  EXPECT_EQ(check_of("se_personnummer", "811200-9874"), Check::invalid);
  EXPECT_EQ(check_of("se_personnummer", "811293-9874"), Check::invalid);
}

TEST(SePersonnummer, TwelveDigitsThatReadAsATimeStampProveNothing) {
  EXPECT_EQ(check_of("se_personnummer", "202401150905"), Check::plausible);
  EXPECT_EQ(check_of("se_personnummer", "20240115-0905"), Check::valid);
}

TEST(SeOrganisationsnummer, LuhnGuardsEveryDigit) {
  expect_digit_changes_refused("se_organisationsnummer", "556703-7485");
  EXPECT_EQ(check_of("se_organisationsnummer", "202100-5489"), Check::valid);
  EXPECT_EQ(check_of("se_organisationsnummer", "16556703-7485"), Check::valid);
  expect_wrong_lengths_refused("se_organisationsnummer", "556703-7485");
}

TEST(SeOrganisationsnummer, NeverADateNorAnUnusedKind) {
  EXPECT_EQ(check_of("se_organisationsnummer", "811228-9874"), Check::invalid);
  EXPECT_EQ(check_of("se_organisationsnummer", "456703-7488"), Check::invalid);
  EXPECT_EQ(check_of("se_organisationsnummer", "056703-7486"), Check::invalid);
  EXPECT_EQ(check_of("se_organisationsnummer", "19556703-7485"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
