#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(DeTaxId, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value :
       {"86095742719", "47036892816", "65929970489", "57549285017", "25768131411", "86 095 742 719"})
    EXPECT_EQ(check_of("de_tax_id", value), Check::valid) << value;
  expect_digit_changes_refused("de_tax_id", "86095742719");
  expect_wrong_lengths_refused("de_tax_id", "86095742719");
}

TEST(DeTaxId, RefusesDigitCountsThatAreNotIssued) {
  EXPECT_EQ(check_of("de_tax_id", "12345678903"), Check::invalid);  // all ten digits differ
  EXPECT_EQ(check_of("de_tax_id", "11223456785"), Check::invalid);  // two digits occur twice
  EXPECT_EQ(check_of("de_tax_id", "11123456786"), Check::invalid);  // three in a row
  EXPECT_EQ(check_of("de_tax_id", "01123456782"), Check::invalid);  // begins with zero
}

TEST(DeTaxNumber, KnowsTheFormsOfTheStates) {
  for (const char* value :
       {"93/815/08152", "181/815/08155", "133/8150/8159", "2893081508152", "5133081508159", "9181081508155"})
    EXPECT_EQ(check_of("de_tax_number", value), Check::plausible) << value;
  for (const char* value : {"1293081508152", "2893181508152", "000/000/00000", "93/815/0815", "289308150815A"})
    EXPECT_EQ(check_of("de_tax_number", value), Check::invalid) << value;
}

TEST(DeVatId, AcceptsPublishedNumbersAndNoOther) {
  for (const char* value : {"DE136695976", "DE 136 695 976", "de811569869"})
    EXPECT_EQ(check_of("de_vat_id", value), Check::valid) << value;
  expect_digit_changes_refused("de_vat_id", "DE136695976");
  expect_wrong_lengths_refused("de_vat_id", "DE136695976");
  EXPECT_EQ(check_of("de_vat_id", "AT136695976"), Check::invalid);
}

TEST(DeIdCard, ChecksTheMachineReadableNumber) {
  EXPECT_EQ(check_of("de_id_card", "L01X00T471"), Check::valid);
  EXPECT_EQ(check_of("de_id_card", "L01X00T471D"), Check::valid);
  EXPECT_EQ(check_of("de_id_card", "T220001293"), Check::plausible);
  EXPECT_EQ(check_of("de_id_card", "T220001293D"), Check::valid);
  EXPECT_EQ(check_of("de_id_card", "L01X00T47"), Check::plausible);
  expect_digit_changes_refused("de_id_card", "L01X00T471");
  expect_wrong_lengths_refused("de_id_card", "L01X00T471");
  for (const char* value : {"C01X00T478", "L01A00T471", "L01X00T472", "L01X00T471X", "101X00T47"})
    EXPECT_EQ(check_of("de_id_card", value), Check::invalid) << value;
}

TEST(DePassport, ChecksTheMachineReadableNumber) {
  EXPECT_EQ(check_of("de_passport", "C01X00T478"), Check::valid);
  EXPECT_EQ(check_of("de_passport", "C01X00T478D"), Check::valid);
  EXPECT_EQ(check_of("de_passport", "C01X00T47"), Check::plausible);
  expect_digit_changes_refused("de_passport", "C01X00T478");
  EXPECT_EQ(check_of("de_passport", "L01X00T471"), Check::invalid);
}

TEST(DeFuehrerschein, AcceptsThePublishedNumberAndNoOther) {
  EXPECT_EQ(check_of("de_fuehrerschein", "B072RRE2I55"), Check::valid);
  expect_digit_changes_refused("de_fuehrerschein", "B072RRE2I55", 0, 10);
  expect_wrong_lengths_refused("de_fuehrerschein", "B072RRE2I55");
  EXPECT_EQ(check_of("de_fuehrerschein", "B0721234581"), Check::plausible);
  EXPECT_EQ(check_of("de_fuehrerschein", "0072RRE2I55"), Check::invalid);
}

TEST(DeLanr, ChecksTheSeventhDigit) {
  EXPECT_EQ(check_of("de_lanr", "123456601"), Check::valid);
  for (const char* value : {"123456501", "123457601", "999999999", "000000000", "12345660"})
    EXPECT_EQ(check_of("de_lanr", value), Check::invalid) << value;
  expect_wrong_lengths_refused("de_lanr", "123456601");
}

TEST(DeBsnr, HasNoCheckDigit) {
  EXPECT_EQ(check_of("de_bsnr", "381234501"), Check::plausible);
  for (const char* value : {"001234501", "111111111", "38123450", "38123450A"})
    EXPECT_EQ(check_of("de_bsnr", value), Check::invalid) << value;
}

TEST(DeHealthInsurance, AcceptsThePublishedNumberAndNoOther) {
  EXPECT_EQ(check_of("de_health_insurance", "A123456780"), Check::valid);
  expect_digit_changes_refused("de_health_insurance", "A123456780");
  expect_wrong_lengths_refused("de_health_insurance", "A123456780");
  EXPECT_EQ(check_of("de_health_insurance", "B123456780"), Check::invalid);
}

TEST(DeSocialSecurity, AcceptsThePublishedNumberAndNoOther) {
  for (const char* value : {"15070649C103", "15 070649 C 103", "65 170839 J 003"})
    EXPECT_EQ(check_of("de_social_security", value), Check::valid) << value;
  expect_digit_changes_refused("de_social_security", "15070649C103");
  expect_wrong_lengths_refused("de_social_security", "15070649C103");
  EXPECT_EQ(check_of("de_social_security", "15070649D103"), Check::invalid);
}

TEST(DeKfz, KnowsTheDistricts) {
  for (const char* value :
       {"B-AB 1234", "M AB 123", "HRO-K 1", "TÖL-AB 12", "M-XY 123E", "HH AB 12H", "MAB1234", "B-MW6"})
    EXPECT_EQ(check_of("de_kfz", value), Check::valid) << value;
  EXPECT_EQ(check_of("de_kfz", "QQ-AB 123"), Check::plausible);
}

TEST(DeKfz, RefusesWhatNoOfficeIssues) {
  for (const char* value : {"B-SS 123", "B-HJ 88", "B-KZ 1", "B-AB 0123", "B-AB 12345", "B-ABC 12", "B-AB", "123",
                            "B-1", "", "ABCDEFGHIJ1", "M-ab 12"})
    EXPECT_EQ(check_of("de_kfz", value), Check::invalid) << value;
}

TEST(DePlz, KnowsTheRegions) {
  for (const char* value : {"10115", "01067", "80331", "99998", "D-80331"})
    EXPECT_EQ(check_of("de_plz", value), Check::plausible) << value;
  for (const char* value : {"00123", "05123", "43123", "62123", "01000", "99999", "1234", "123456", "1011A", "D-803"})
    EXPECT_EQ(check_of("de_plz", value), Check::invalid) << value;
}

}  // namespace
}  // namespace assay::classify
