#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

// Test numbers that the schemes and their processors publish.
TEST(CreditCard, AcceptsTheTestNumbersOfEveryScheme) {
  for (const auto* number : {"4111111111111111", "4012 8888 8888 1881", "5555555555554444", "5105-1051-0510-5100",
                             "2223003122003222", "3782 822463 10005", "371449635398431", "30569309025904",
                             "3852 000002 3237", "6011111111111117", "6011 0009 9013 9424", "3530111333300000",
                             "6200000000000005", "2200 0000 0000 0004", "9792000000000003", "6521111111111110"})
    EXPECT_EQ(check_of("credit_card", number), Check::valid) << number;
}

TEST(CreditCard, RareLengthsWithoutGroupsAreOnlyPlausible) {
  EXPECT_EQ(check_of("credit_card", "4222222222222"), Check::plausible);
  EXPECT_EQ(check_of("credit_card", "4000000000000000006"), Check::plausible);
  EXPECT_EQ(check_of("credit_card", "4000 0000 0000 0000 006"), Check::valid);
  EXPECT_EQ(check_of("credit_card", "6205500000000000004"), Check::valid);
}

TEST(CreditCard, StretchesOfTablesAreOnlyPlausible) {
  EXPECT_EQ(check_of("credit_card", "4646 4677 4708 4740"), Check::plausible);
  EXPECT_EQ(check_of("credit_card", "4646467747084740"), Check::valid);
}

TEST(CreditCard, MaestroOfAnyLengthIsOnlyPlausible) {
  EXPECT_EQ(check_of("credit_card", "6759649826438453"), Check::plausible);
  EXPECT_EQ(check_of("credit_card", "676770000005"), Check::plausible);
}

TEST(CreditCard, RejectsEveryChangedDigit) {
  expect_digit_changes_refused("credit_card", "4111111111111111");
  expect_digit_changes_refused("credit_card", "378282246310005");
}

TEST(CreditCard, RejectsForeignIssuersLengthsAndGroupings) {
  EXPECT_EQ(check_of("credit_card", "1111111111111117"), Check::invalid);     // no issuer
  EXPECT_EQ(check_of("credit_card", "555555555555445"), Check::invalid);      // Mastercard of 15 digits
  EXPECT_EQ(check_of("credit_card", "41111 11111 111111"), Check::invalid);   // nobody groups by five
  EXPECT_EQ(check_of("credit_card", "4111 1111-1111 1111"), Check::invalid);  // mixed separators
  EXPECT_EQ(check_of("credit_card", "4111" + std::string(25, ' ') + "1111 1111 1111"), Check::invalid);
  EXPECT_EQ(check_of("credit_card", "0000000000000000"), Check::invalid);
  EXPECT_EQ(check_of("credit_card", "4"), Check::invalid);
  EXPECT_EQ(check_of("credit_card", ""), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
