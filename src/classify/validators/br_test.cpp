#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(BrCpf, TwoDigitsGuardEveryDigit) {
  expect_digit_changes_refused("br_cpf", "529.982.247-25");
  expect_digit_changes_refused("br_cpf", "111.444.777-35");
  expect_wrong_lengths_refused("br_cpf", "52998224725");
}

TEST(BrCpf, RepeatedDigitsPassTheSumsAndAreNotIssued) {
  EXPECT_EQ(check_of("br_cpf", "111.111.111-11"), Check::invalid);
  EXPECT_EQ(check_of("br_cpf", "00000000000"), Check::invalid);
}

TEST(BrCnpj, TwoDigitsGuardEveryDigit) {
  expect_digit_changes_refused("br_cnpj", "11.222.333/0001-81");
  expect_digit_changes_refused("br_cnpj", "00.000.000/0001-91");
  expect_wrong_lengths_refused("br_cnpj", "11222333000181");
}

TEST(BrCnpj, LettersOf2026) {
  expect_digit_changes_refused("br_cnpj", "12.ABC.345/01DE-35");
  EXPECT_EQ(check_of("br_cnpj", "12abc34501de35"), Check::valid);
  EXPECT_EQ(check_of("br_cnpj", "12.ABD.345/01DE-35"), Check::invalid);
  EXPECT_EQ(check_of("br_cnpj", "12.ABC.345/01DE-3A"), Check::invalid);
}

TEST(BrCnpj, BranchZeroAndTimeStamps) {
  EXPECT_EQ(check_of("br_cnpj", "11222333000009"), Check::invalid);
  EXPECT_EQ(check_of("br_cnpj", "00000000000000"), Check::invalid);
  EXPECT_EQ(check_of("br_cnpj", "20240115000241"), Check::plausible);
  EXPECT_EQ(check_of("br_cnpj", "20.240.115/0002-41"), Check::valid);
}

}  // namespace
}  // namespace assay::classify
