#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(EsNif, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"12345678Z", "12345678-Z", "12.345.678-z", "54362315K", "1234567L"})
    EXPECT_EQ(check_of("es_nif", value), Check::valid) << value;
  expect_digit_changes_refused("es_nif", "54362315K");
  expect_wrong_lengths_refused("es_nif", "54362315K");
  EXPECT_EQ(check_of("es_nif", "12345678A"), Check::invalid);
  EXPECT_EQ(check_of("es_nif", "00000000T"), Check::invalid);
}

TEST(EsNif, KnowsPersonsWithoutIdentityCard) {
  EXPECT_EQ(check_of("es_nif", "K1234567L"), Check::valid);
  EXPECT_EQ(check_of("es_nif", "M1234567L"), Check::valid);
  expect_digit_changes_refused("es_nif", "K1234567L");
  EXPECT_EQ(check_of("es_nif", "N1234567L"), Check::invalid);
  EXPECT_EQ(check_of("es_nif", "K123456L"), Check::invalid);
}

TEST(EsNie, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"X1234567L", "X-2482300-W", "Y1234567X", "Z1234567R"})
    EXPECT_EQ(check_of("es_nie", value), Check::valid) << value;
  expect_digit_changes_refused("es_nie", "X2482300W");
  expect_wrong_lengths_refused("es_nie", "X2482300W");
  EXPECT_EQ(check_of("es_nie", "W2482300W"), Check::invalid);
  EXPECT_EQ(check_of("es_nie", "Y2482300W"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
