#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(AuAbn, AcceptsPublishedNumbersAndNoOther) {
  EXPECT_EQ(check_of("au_abn", "51 824 753 556"), Check::valid);
  EXPECT_EQ(check_of("au_abn", "53004085616"), Check::valid);
  expect_digit_changes_refused("au_abn", "51 824 753 556");
  expect_wrong_lengths_refused("au_abn", "51824753556");
}

TEST(AuAbn, RefusesARoundNumberAlthoughTheSumFits) { EXPECT_EQ(check_of("au_abn", "10000000000"), Check::invalid); }

TEST(AuAcn, AcceptsPublishedNumbers) {
  for (const char* value : {"000 000 019", "004 085 616", "010 499 966", "000 250 000"})
    EXPECT_EQ(check_of("au_acn", value), Check::valid) << value;
  // Even weights hide a change by five; the check digit and the odd weights hide none.
  expect_digit_changes_refused("au_acn", "004085616", 7);
  EXPECT_EQ(check_of("au_acn", "004085617"), Check::invalid);
  EXPECT_EQ(check_of("au_acn", "000000000"), Check::invalid);
  expect_wrong_lengths_refused("au_acn", "004085616");
}

TEST(AuTfn, AcceptsPublishedNumbersAndNoOther) {
  EXPECT_EQ(check_of("au_tfn", "123 456 782"), Check::valid);
  EXPECT_EQ(check_of("au_tfn", "876 543 210"), Check::valid);
  expect_digit_changes_refused("au_tfn", "123 456 782");
  expect_wrong_lengths_refused("au_tfn", "123456782");
}

TEST(AuMedicare, ChecksTheFirstNineDigits) {
  EXPECT_EQ(check_of("au_medicare", "2123 45670 1"), Check::valid);
  EXPECT_EQ(check_of("au_medicare", "2123 45670 1/2"), Check::valid);
  expect_digit_changes_refused("au_medicare", "2123 45670 1", 0, 10);
  for (const char* value : {"1123 45670 1", "7123 45670 1", "2123 45670 0"})
    EXPECT_EQ(check_of("au_medicare", value), Check::invalid) << value;
  expect_wrong_lengths_refused("au_medicare", "2123456701");
}

}  // namespace
}  // namespace assay::classify
