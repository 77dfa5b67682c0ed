#include <gtest/gtest.h>

#include <algorithm>

#include "classify/validators/calling_codes.h"
#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(CallingCodes, AreAscending) { EXPECT_TRUE(std::ranges::is_sorted(calling_codes, {}, &CallingCode::code)); }

// Numbers that regulators keep for fiction: Ofcom, NANPA, ACMA, ARCEP, Bundesnetzagentur.
TEST(PhoneInternational, KnowsCodesAndLengths) {
  for (const auto* number : {"+1 212-555-0123", "+44 20 7946 0958", "+44 (0)20 7946 0958", "+61 2 5550 1234",
                             "+33 1 99 00 12 34", "+49 30 23125 123", "0049 30 23125 123", "+971 50 123 4567",
                             "+12125550123", "+1 (212) 555-0123 x45", "+352 27 12 34"})
    EXPECT_EQ(check_of("phone_international", number), Check::valid) << number;
}

TEST(PhoneInternational, RejectsUnknownCodesAndLengths) {
  for (const auto* number :
       {"+999 123 4567", "+1 212-555-012", "+1 112-555-0123", "+44 20 7946", "+33 1 99 00 12 34 56", "+1 2125550123456",
        "+4412345678901234567", "+1", "+", "+44 1234 (0)5678"})
    EXPECT_EQ(check_of("phone_international", number), Check::invalid) << number;
}

TEST(PhoneNorthAmerica, FollowsTheNumberingPlan) {
  for (const auto* number : {"(212) 555-0123", "212.555.0123", "1-800-234-5678", "2125550123", "212-555-0123 ext. 99"})
    EXPECT_EQ(check_of("phone_north_america", number), Check::valid) << number;
  for (const auto* number : {"112-555-0123", "911-555-0123", "212-155-0123", "212-911-0123", "292-555-0123",
                             "372-555-0123", "555-555-5555", "2-212-555-0123", "212-555-012", ""})
    EXPECT_EQ(check_of("phone_north_america", number), Check::invalid) << number;
}

TEST(PhoneNational, OnlyRefusesFillersAndLengths) {
  EXPECT_EQ(check_of("phone_national", "020 7946 0958"), Check::plausible);
  EXPECT_EQ(check_of("phone_national", "090-1234-5678"), Check::plausible);
  EXPECT_EQ(check_of("phone_national", "1234567890"), Check::invalid);
  EXPECT_EQ(check_of("phone_national", "0000000000"), Check::invalid);
  EXPECT_EQ(check_of("phone_national", "0123456789"), Check::invalid);
  EXPECT_EQ(check_of("phone_national", "012345"), Check::invalid);
  EXPECT_EQ(check_of("phone_national", "01234567890123"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
