#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(Isin, AcceptsIssuedNumbers) {
  for (const auto* number : {"US0378331005", "AU0000XVGZA3", "GB0002634946", "DE0007164600", "US5949181045",
                             "FR0000131104", "XS0971721963", "CH0012032048"})
    EXPECT_EQ(check_of("isin", number), Check::valid) << number;
}

TEST(Isin, RejectsEveryChangedDigitOfADigitsOnlyNumber) { expect_digit_changes_refused("isin", "US0378331005"); }

TEST(Isin, RejectsForeignPrefixesAndWords) {
  EXPECT_EQ(check_of("isin", "ZZ0378331005"), Check::invalid);
  EXPECT_EQ(check_of("isin", "US037833100"), Check::invalid);
  EXPECT_EQ(check_of("isin", "USABCDEFGHI5"), Check::invalid);
  EXPECT_EQ(check_of("isin", "US037833100X"), Check::invalid);
}

TEST(Bic, KnowsTheShapeAndTheCountries) {
  for (const auto* code : {"DEUTDEFF", "DEUTDEFF500", "NEDSZAJJXXX", "CHASUS33", "BNPAFRPP"})
    EXPECT_EQ(check_of("bic", code), Check::plausible) << code;
  for (const auto* code : {"DEUTZZFF", "DEUTDEF", "DEUT1EFF", "DEUTDEFF50", "DEUTDE0F", "DEUTDEFO", ""})
    EXPECT_EQ(check_of("bic", code), Check::invalid) << code;
}

}  // namespace
}  // namespace assay::classify
