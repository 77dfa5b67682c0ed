#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(FiPersonalIdentityCode, AcceptsPublishedCodesAndNoOther) {
  EXPECT_EQ(check_of("fi_personal_identity_code", "131052-308T"), Check::valid);
  EXPECT_EQ(check_of("fi_personal_identity_code", "131052-308t"), Check::valid);
  expect_digit_changes_refused("fi_personal_identity_code", "131052-308T");
  expect_wrong_lengths_refused("fi_personal_identity_code", "131052-308T");
}

TEST(FiPersonalIdentityCode, KnowsTheCenturySignsOf2023) {
  for (const char* value : {"010594Y9032", "010594Y9021", "020594X903P", "020594X902N", "030594W903B", "030694W9024",
                            "010516B903X", "010516B902W", "020516C903K", "030516D9037"})
    EXPECT_EQ(check_of("fi_personal_identity_code", value), Check::valid) << value;
  EXPECT_EQ(check_of("fi_personal_identity_code", "131052G308T"), Check::invalid);
  EXPECT_EQ(check_of("fi_personal_identity_code", "131052 308T"), Check::invalid);
}

TEST(FiPersonalIdentityCode, RefusesImpossibleBirthdaysAndIndividualNumbers) {
  EXPECT_EQ(check_of("fi_personal_identity_code", "310452-308A"), Check::invalid);
  EXPECT_EQ(check_of("fi_personal_identity_code", "290201A3080"), Check::invalid);
  for (const char last : std::string_view("0123456789ABCDEFHJKLMNPRSTUVWXY"))
    EXPECT_EQ(check_of("fi_personal_identity_code", std::string("131052-001") + last), Check::invalid) << last;
}

}  // namespace
}  // namespace assay::classify
