#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(ItFiscalCode, AcceptsPublishedCodesAndNoOther) {
  for (const char* value : {"RSSMRA85T10A562S", "MRTMTT25D09F205Z", "rssmra85t10a562s", "RSS MRA 85T10 A562 S"})
    EXPECT_EQ(check_of("it_fiscal_code", value), Check::valid) << value;
  expect_digit_changes_refused("it_fiscal_code", "RSSMRA85T10A562S");
  expect_wrong_lengths_refused("it_fiscal_code", "RSSMRA85T10A562S");
}

TEST(ItFiscalCode, ReadsLettersThatStandForDigits) {
  EXPECT_EQ(check_of("it_fiscal_code", "RSSMRA85T10A56NH"), Check::valid);
  EXPECT_EQ(check_of("it_fiscal_code", "RSSMRA8RTMLARSNO"), Check::valid);
}

TEST(ItFiscalCode, RefusesImpossibleParts) {
  for (const char* value : {"RSSMRA85T10A562T", "RSSMRA85F10A562S", "RSSMRA85B30A562S", "RSSMRA85T32A562S",
                            "RSSMRA85T10A56AS", "RSSMR185T10A562S", "RSSMRA85T101562S"})
    EXPECT_EQ(check_of("it_fiscal_code", value), Check::invalid) << value;
}

TEST(ItVatCode, AcceptsPublishedNumbersAndNoOther) {
  EXPECT_EQ(check_of("it_vat_code", "00743110157"), Check::valid);
  EXPECT_EQ(check_of("it_vat_code", "IT 00743110157"), Check::valid);
  expect_digit_changes_refused("it_vat_code", "00743110157");
  expect_wrong_lengths_refused("it_vat_code", "00743110157");
}

TEST(ItVatCode, RefusesOfficesThatDoNotExist) {
  EXPECT_EQ(check_of("it_vat_code", "12345670017"), Check::valid);
  for (const char* value : {"12345672005", "12345670009", "00000000018"})
    EXPECT_EQ(check_of("it_vat_code", value), Check::invalid) << value;
}

TEST(ItDriverLicense, KnowsProvincesAndTheCentralSeries) {
  EXPECT_EQ(check_of("it_driver_license", "RM1234567A"), Check::valid);
  EXPECT_EQ(check_of("it_driver_license", "QQ1234567A"), Check::plausible);
  EXPECT_EQ(check_of("it_driver_license", "U1B23456XK"), Check::plausible);
  for (const char* value : {"U1A23456XK", "RM12345678", "RM123456AA", "R12345678A", "RM1234567"})
    EXPECT_EQ(check_of("it_driver_license", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
