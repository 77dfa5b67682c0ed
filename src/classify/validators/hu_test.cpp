#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(HuTaxId, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("hu_tax_id", "8395181248");
  EXPECT_EQ(check_of("hu_tax_id", "7071592153"), Check::invalid);
  EXPECT_EQ(check_of("hu_tax_id", "8000012345"), Check::invalid);
  EXPECT_EQ(check_of("hu_tax_id", "8999992345"), Check::invalid);
  expect_wrong_lengths_refused("hu_tax_id", "8395181248");
}

TEST(HuTaj, CheckGuardsEveryDigit) {
  expect_digit_changes_refused("hu_taj", "111 111 110");
  EXPECT_EQ(check_of("hu_taj", "000 000 000"), Check::invalid);
  expect_wrong_lengths_refused("hu_taj", "111111110");
}

TEST(HuPersonalId, WeightsTurnForThoseBornFrom1997) {
  expect_digit_changes_refused("hu_personal_id", "17503151006");
  expect_digit_changes_refused("hu_personal_id", "30303151001");
  EXPECT_EQ(check_of("hu_personal_id", "17513151238"), Check::invalid);
  EXPECT_EQ(check_of("hu_personal_id", "57502151238"), Check::invalid);
  expect_wrong_lengths_refused("hu_personal_id", "17503151006");
}

TEST(HuBusinessTaxNumber, CheckGuardsEveryDigitOfTheRoot) {
  expect_digit_changes_refused("hu_business_tax_number", "12892312-2-41", 0, 8);
  EXPECT_EQ(check_of("hu_business_tax_number", "12892312-6-41"), Check::invalid);
  EXPECT_EQ(check_of("hu_business_tax_number", "12892312-2-45"), Check::invalid);
  EXPECT_EQ(check_of("hu_business_tax_number", "12892312-2-01"), Check::invalid);
  expect_wrong_lengths_refused("hu_business_tax_number", "12892312-2-41");
}

}  // namespace
}  // namespace assay::classify
