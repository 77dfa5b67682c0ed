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

TEST(DeTaxNumber, AcceptsTheExamplesOfElster) {
  // Chapter 4 of the ELSTER document: as letters have it, and uniform.
  for (const auto& [printed, uniform] : {std::pair{"66815/08156", "2866081508156"},
                                         {"93815/08152", "2893081508152"},
                                         {"400/8150/8159", "5400081508159"},
                                         {"500/8150/8151", "5500081508151"},
                                         {"600/8150/8154", "5600081508154"},
                                         {"133/8150/8159", "5133081508159"}}) {
    EXPECT_EQ(check_of("de_tax_number", printed), Check::valid) << printed;
    EXPECT_EQ(check_of("de_tax_number", uniform), Check::valid) << uniform;
  }
  for (const auto& [printed, uniform] : {std::pair{"198/815/08152", "9198081508152"},
                                         {"296/815/08153", "9296081508153"},
                                         {"97/815/08154", "1197081508154"},
                                         {"098/815/08157", "3098081508157"},
                                         {"97 123 01233", "2497012301233"},
                                         {"41/815/08154", "2241081508154"},
                                         {"053 815 08158", "2653081508158"},
                                         {"098/815/08157", "4098081508157"},
                                         {"88/815/08158", "2388081508158"},
                                         {"99/815/08152", "2799081508152"},
                                         {"096/815/08187", "1096081508187"},
                                         {"248/815/08156", "3248081508156"},
                                         {"198/815/08152", "3198081508152"},
                                         {"38/815/08154", "2138081508154"},
                                         {"198/815/08152", "4198081508152"},
                                         {"21/815/08150", "1121081508150"},
                                         {"181/815/08155", "9181081508155"}}) {
    EXPECT_EQ(check_of("de_tax_number", printed), Check::plausible) << printed;
    EXPECT_EQ(check_of("de_tax_number", uniform), Check::valid) << uniform;
  }
}

TEST(DeTaxNumber, ChecksTheLastDigitByTheMethodOfTheState) {
  for (const char* uniform : {"2866081508156", "9198081508152", "3098081508157", "2497012301233", "2241081508154",
                              "2653081508158", "2388081508158", "5400081508159", "2799081508152", "1096081508187"}) {
    std::string changed = uniform;
    for (char other = '0'; other <= '9'; ++other) {
      changed.back() = other;
      EXPECT_EQ(check_of("de_tax_number", changed), changed == uniform ? Check::valid : Check::invalid) << changed;
    }
  }
  for (const char* value : {"133/8150/8158", "93815/08153", "99/815/08150", "198/815/08150"})
    EXPECT_NE(check_of("de_tax_number", value), Check::valid) << value;
  EXPECT_EQ(check_of("de_tax_number", "133/8150/8158"), Check::invalid);
  EXPECT_EQ(check_of("de_tax_number", "93815/08153"), Check::invalid);
}

TEST(DeTaxNumber, RefusesWhatNoOfficeWrites) {
  for (const char* value : {"1293081508152", "2893181508152", "000/000/00000", "93/815/0815", "289308150815A",
                            "2866000008156", "2866099808156", "9198009908150", "5400081500009", "2900081508152", ""})
    EXPECT_EQ(check_of("de_tax_number", value), Check::invalid) << value;
  expect_wrong_lengths_refused("de_tax_number", "9198081508152");
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
