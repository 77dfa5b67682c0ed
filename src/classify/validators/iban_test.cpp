#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

// Examples of the SWIFT IBAN registry.
constexpr const char* registry_examples[] = {
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AL47212110090000000235698741",
    "AT611904300234573201",
    "BE68 5390 0754 7034",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "CY17002001280000001200527600",
    "CZ6508000000192000145399",
    "DE89 3704 0044 0532 0130 00",
    "DK5000400440116243",
    "ES91 2100 0418 4502 0005 1332",
    "FI2112345600000785",
    "FR14 2004 1010 0505 0001 3M02 606",
    "GB29 NWBK 6016 1331 9268 19",
    "GR1601101250000000012300695",
    "IE29AIBK93115212345678",
    "IT60X0542811101000000123456",
    "LC55HEMM000100010012001200023015",
    "MT84MALT011000012345MTLCAST001S",
    "MU17BOMM0101101030300200000MUR",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "SA0380000000608010167519",
    "SE4550000000058398257466",
    "TR330006100519786457841326",
};

TEST(Iban, AcceptsTheRegistryExamples) {
  for (const auto* example : registry_examples) EXPECT_EQ(check_of("iban", example), Check::valid) << example;
}

TEST(Iban, AcceptsLowerCase) { EXPECT_EQ(check_of("iban", "de89370400440532013000"), Check::valid); }

TEST(Iban, RejectsEveryChangedDigit) {
  for (const auto* example : registry_examples) expect_digit_changes_refused("iban", example);
}

TEST(Iban, RejectsWrongLengthCountryAndStructure) {
  EXPECT_EQ(check_of("iban", "DE8937040044053201300"), Check::invalid);
  EXPECT_EQ(check_of("iban", "ZZ89370400440532013000"), Check::invalid);
  EXPECT_EQ(check_of("iban", "DE8937040044053201300A"), Check::invalid);
  EXPECT_EQ(check_of("iban", "DE89 37040044 0532 0130 00"), Check::invalid);
  EXPECT_EQ(check_of("iban", "DE89"), Check::invalid);
  EXPECT_EQ(check_of("iban", ""), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
