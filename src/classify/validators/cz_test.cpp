#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(CzBirthNumber, DivisibleByElevenGuardsEveryDigit) {
  expect_digit_changes_refused("cz_birth_number", "710319/2745");
  EXPECT_EQ(check_of("cz_birth_number", "7103192745"), Check::valid);
  EXPECT_EQ(check_of("cz_birth_number", "755314/1233"), Check::valid);
  EXPECT_EQ(check_of("cz_birth_number", "057314/1239"), Check::valid);
  EXPECT_EQ(check_of("cz_birth_number", "7503141020"), Check::valid);
  expect_wrong_lengths_refused("cz_birth_number", "7103192745");
}

TEST(CzBirthNumber, NineDigitsHaveNoCheckAndEndIn1953) {
  EXPECT_EQ(check_of("cz_birth_number", "531231/123"), Check::plausible);
  EXPECT_EQ(check_of("cz_birth_number", "541231/123"), Check::invalid);
  EXPECT_EQ(check_of("cz_birth_number", "531231/000"), Check::invalid);
  EXPECT_EQ(check_of("cz_birth_number", "531331/123"), Check::invalid);
}

TEST(CzBirthNumber, DateMustExist) {
  EXPECT_EQ(check_of("cz_birth_number", "711331/1238"), Check::invalid);
  EXPECT_EQ(check_of("cz_birth_number", "710319/2746"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
